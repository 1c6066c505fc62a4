/** The report in words, and its exit code. */
import type { Severity } from './check.ts'
import type { Report, Verdict } from './examine.ts'

/** Documented in docs/doctor.md; a script may rely on them. */
export const EXIT = { sound: 0, warning: 1, serious: 2, critical: 3, refused: 4, usage: 64 } as const
const ORDER: readonly Severity[] = ['warning', 'serious', 'critical']
const DOCS = 'docs/doctor.md'

const isFinding = ({ outcome }: Verdict): boolean => outcome === 'found'

/** The worst of the findings; skipped checks are no findings. */
export function exitCode({ verdicts }: Report): number {
  const worst = Math.max(-1, ...verdicts.filter(isFinding).map(({ severity }) => ORDER.indexOf(severity)))
  return EXIT[ORDER[worst] ?? 'sound']
}

/** Colours a text, or leaves it as it is. */
export type Paint = (colour: 'green' | 'yellow' | 'red' | 'gray' | 'bold', text: string) => string

/** One line a sound check, a paragraph for a finding. */
export function verdictText({ id, title, severity, outcome, findings, note, advice }: Verdict, paint: Paint): string {
  if (outcome === 'sound')
    return `${paint('green', 'sound   ')}  ${title}${note === undefined ? '' : paint('gray', ` (${note})`)}`
  if (outcome === 'skipped') return `${paint('gray', 'skipped ')}  ${title}: ${note ?? ''}`
  return [
    `${paint(severity === 'warning' ? 'yellow' : 'red', severity.padEnd(8))}  ${paint('bold', title)}: not so`,
    ...findings.map((saw) => `            - ${saw}`),
    `            What to do: ${advice} (${DOCS}#${id})`,
  ].join('\n')
}

export function summaryText({ verdicts, requests }: Report): string {
  const count = (outcome: Verdict['outcome']) => verdicts.filter((verdict) => verdict.outcome === outcome).length
  const findings = [...ORDER].reverse().flatMap((severity) => {
    const many = verdicts.filter((verdict) => isFinding(verdict) && verdict.severity === severity).length
    return many > 0 ? [`${many} ${severity}`] : []
  })
  return `${count('sound')} sound, ${findings.join(', ') || 'nothing found'}, ${count('skipped')} skipped; ${requests} requests.`
}
