/** The report in words, and its exit code. */
import type { Severity } from './check.ts'
import type { Report, Verdict } from './examine.ts'

/** Documented in docs/doctor.md; a script may rely on them. */
export const EXIT = { sound: 0, warning: 1, serious: 2, critical: 3, refused: 4, usage: 64 } as const
const ORDER: readonly Severity[] = ['warning', 'serious', 'critical']
const DOCS = 'docs/doctor.md'

/** The worst of the findings; skipped checks are no findings. */
export function exitCode({ verdicts }: Report): number {
  const worst = Math.max(-1, ...verdicts.filter(isFinding).map(({ severity }) => ORDER.indexOf(severity)))
  return EXIT[ORDER[worst] ?? 'sound']
}

const isFinding = ({ outcome }: Verdict): boolean => outcome === 'found'

type Paint = (text: string, colour: keyof typeof COLOURS) => string
const COLOURS = { green: 32, yellow: 33, red: 31, grey: 90, bold: 1 } as const
/** Colours only where somebody sees them. */
export const painter =
  (colours: boolean): Paint =>
  (text, colour) =>
    colours ? `\u001b[${COLOURS[colour]}m${text}\u001b[0m` : text

/** One line a sound check, a paragraph for a finding. */
export function verdictText(verdict: Verdict, paint: Paint): string {
  const { id, title, severity, outcome, findings, note, advice } = verdict
  if (outcome === 'sound')
    return `${paint('sound   ', 'green')}  ${title}${note === undefined ? '' : paint(` (${note})`, 'grey')}`
  if (outcome === 'skipped') return `${paint('skipped ', 'grey')}  ${title}: ${note ?? ''}`
  const word = paint(severity.padEnd(8), severity === 'warning' ? 'yellow' : 'red')
  return [
    `${word}  ${paint(title, 'bold')}: not so`,
    ...findings.map((saw) => `            - ${saw}`),
    `            What to do: ${advice} (${DOCS}#${id})`,
  ].join('\n')
}

export function summaryText({ verdicts, requests }: Report): string {
  const count = (outcome: Verdict['outcome']) => verdicts.filter((verdict) => verdict.outcome === outcome).length
  const worst = ORDER.map(
    (severity) =>
      [severity, verdicts.filter((verdict) => isFinding(verdict) && verdict.severity === severity).length] as const,
  )
  const findings = worst
    .filter(([, many]) => many > 0)
    .reverse()
    .map(([severity, many]) => `${many} ${severity}`)
  return `${count('sound')} sound, ${findings.length > 0 ? findings.join(', ') : 'nothing found'}, ${count('skipped')} skipped; ${requests} requests.`
}

/** For scripts: everything, and the same exit code as a member. */
export const reportJson = (report: Report): string =>
  JSON.stringify({ exit: exitCode(report), ...report }, undefined, 2)
