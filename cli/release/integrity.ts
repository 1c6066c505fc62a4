/** `integrity.json` as it is read back: from the build's folder, or from a deployment, which is not taken at its word. */
import * as v from 'valibot'

const Hash = v.pipe(v.string(), v.regex(/^sha384-[A-Za-z0-9+/]{64}$/))
const Version = v.pipe(v.string(), v.regex(/^\d+\.\d+\.\d+(-[\w.]+)?$/))
/** Names that a build gives; anything else could leave the folder it is written to. */
const File = v.pipe(
  v.string(),
  v.regex(/^(widget\.js|v\/\d+\.\d+\.\d+(-[\w.]+)?\/widget\.js|chunks\/[0-9a-f]{10}(\/[a-z][\w-]{0,40}){1,2}\.js)$/),
)
const Files = v.record(File, Hash)

const Release = v.object({
  version: Version,
  release: v.pipe(v.string(), v.regex(/^[0-9a-f]{10}$/)),
  files: Files,
})
export type Release = v.InferOutput<typeof Release>

/** The members in the order in which the build writes them. */
const { version, release, files } = Release.entries
const Integrity = v.object({ version, release, tag: v.string(), files, kept: v.array(Release) })
export type Integrity = v.InferOutput<typeof Integrity>

/** Throws `ValiError` on anything that no build of ours would write. */
export const parseIntegrity = (text: string): Integrity => v.parse(v.pipe(v.string(), v.parseJson(), Integrity), text)

/** The tag that always loads the deployed version. */
export const tagFor = (origin: string): string => `<script async src="${origin}/widget.js"></script>`

/** The tag that loads this version and no other, whatever is deployed later; the browser refuses other bytes. */
export const pinnedTagFor = (origin: string, { version, files }: Release): string =>
  `<script async src="${origin}/v/${version}/widget.js" integrity="${files[`v/${version}/widget.js`] ?? ''}" crossorigin="anonymous"></script>`
