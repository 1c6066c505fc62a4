/** Which files may be sent, checked before anything is uploaded. The edge checks again, and the content too. */

export const TYPES = ['pdf', 'doc', 'docx', 'txt', 'jpg', 'jpeg', 'png']
/** For the `accept` attribute. */
export const ACCEPT = TYPES.map((type) => `.${type}`).join(',')
export const MAX_BYTES = 10 * 1024 * 1024

/** Why the file cannot be sent, or `undefined`. An empty file has no type that could be recognised. */
export function refusal({ name, size }: Pick<File, 'name' | 'size'>): 'type' | 'size' | undefined {
  const type = name.toLowerCase().split('.').at(-1) ?? ''
  if (!TYPES.includes(type) || !size) return 'type'
  return size > MAX_BYTES ? 'size' : undefined
}

/** “10 MB”, as the language writes it. */
export const limitText = (language: string): string =>
  new Intl.NumberFormat(language, { style: 'unit', unit: 'megabyte', unitDisplay: 'short' }).format(
    MAX_BYTES / 1024 ** 2,
  )
