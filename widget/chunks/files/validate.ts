/** What may be sent, looked at before a byte goes out. The edge looks again, at the content too. */

export const TYPES = ['pdf', 'doc', 'docx', 'txt', 'jpg', 'jpeg', 'png']
export const ACCEPT = TYPES.map((type) => `.${type}`).join(',')
export const MAX_BYTES = 10 * 1024 * 1024

/** An empty file has no type that could be told. */
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
