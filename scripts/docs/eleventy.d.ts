/** What we use of Eleventy, which publishes no types. */
declare module '@11ty/eleventy' {
  import type MarkdownIt from 'markdown-it'

  export type Config = {
    setTemplateFormats(formats: readonly string[]): void
    setUseGitIgnore(use: boolean): void
    setLibrary(extension: 'md', library: MarkdownIt): void
    addGlobalData(name: string, value: unknown): void
    addTemplate(path: string, content: string, data?: Record<string, unknown>): void
    addTransform(name: string, transform: (this: { page: { inputPath: string } }, content: string) => string): void
  }

  export class Eleventy {
    constructor(
      input: string,
      output: string,
      options: { quietMode: boolean; configPath: null; config: (config: Config) => void },
    )
    write(): Promise<unknown>
  }
}
