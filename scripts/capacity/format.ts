/** Numbers and tables as a reader wants them. */

/** `1,234,567`, `12.3 M`, `1.2 G`: as many digits as a reader wants. */
export function short(value: number): string {
  if (value >= 1e9) return `${significant(value / 1e9)} G`
  if (value >= 1e6) return `${significant(value / 1e6)} M`
  if (value >= 100) return Math.round(value).toLocaleString('en')
  return significant(value)
}
const significant = (value: number): string => String(Number(value.toPrecision(3)))
export const dollars = (value: number): string => (value === 0 ? '0' : value < 0.005 ? '< 0.01' : value.toFixed(2))
/** Aligned, as the project's formatter writes tables; a column of words is `left`, numbers stand right. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  left: readonly number[] = [0],
): string {
  const widths = head.map((_, at) => Math.max(3, ...[head, ...rows].map((row) => (row[at] ?? '').length)))
  const line = (row: readonly string[]): string =>
    `| ${widths.map((width, at) => (left.includes(at) ? (row[at] ?? '').padEnd(width) : (row[at] ?? '').padStart(width))).join(' | ')} |`
  const rule = widths.map((width, at) => (left.includes(at) ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`))
  return [line(head), line(rule), ...rows.map(line)].join('\n')
}
