/** A small button with an icon. */
import { h } from 'preact'

/** `path` is the icon's outline in a box of 24 by 24. */
type Props = { name: string; pressed?: boolean; run: () => void; path: string }

export const IconButton = ({ name, pressed, run, path }: Props) => (
  <button type="button" aria-label={name} title={name} aria-pressed={pressed} onClick={run}>
    <svg viewBox="0 0 24 24" aria-hidden="true">
      <path d={path} />
    </svg>
  </button>
)
