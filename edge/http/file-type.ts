/** The type of a file, by its name and its first bytes. Both must agree, so a renamed program cannot pass for a picture. */

type FileType = { type: string; fits: (start: Uint8Array) => boolean }

const begins =
  (...bytes: number[]) =>
  (start: Uint8Array) =>
    bytes.every((byte, at) => start[at] === byte)
/** True for text: no control characters except tab, line feed, form feed and carriage return. */
const isText = (start: Uint8Array) => start.every((byte) => byte >= 32 || [9, 10, 12, 13].includes(byte))
const zip = begins(0x50, 0x4b, 0x03, 0x04)

const PDF: FileType = { type: 'application/pdf', fits: begins(0x25, 0x50, 0x44, 0x46, 0x2d) }
const DOCX: FileType = {
  type: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  fits: zip,
}
const TXT: FileType = { type: 'text/plain', fits: isText }
const JPEG: FileType = { type: 'image/jpeg', fits: begins(0xff, 0xd8, 0xff) }

/** What a visitor may send, as in the vendor's widget. */
export const VISITOR_FILES: Readonly<Record<string, FileType>> = {
  pdf: PDF,
  doc: { type: 'application/msword', fits: begins(0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1) },
  docx: DOCX,
  txt: TXT,
  jpg: JPEG,
  jpeg: JPEG,
  png: { type: 'image/png', fits: begins(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a) },
}
/** What an owner may add to the knowledge base (Admin API). */
export const KNOWLEDGE_FILES: Readonly<Record<string, FileType>> = {
  pdf: PDF,
  docx: DOCX,
  txt: TXT,
  md: { type: 'text/markdown', fits: isText },
}

/** The content type; `undefined` if it is not allowed or the file is not what its name says. `start` has at least 8 bytes. */
export function fileType(
  allowed: Readonly<Record<string, FileType>>,
  name: string,
  start: Uint8Array,
): string | undefined {
  const extension = /\.([a-z0-9]{1,5})$/i.exec(name)?.[1]?.toLowerCase() ?? ''
  const known = Object.hasOwn(allowed, extension) ? allowed[extension] : undefined
  return known?.fits(start) ? known.type : undefined
}

/** The file name for a header: without path, quotes and control characters. */
export const plainName = (name: string): string =>
  (name.split(/[\\/]/).at(-1) ?? '').slice(-100).replace(/[^\p{L}\p{N} ._()-]/gu, '_')
