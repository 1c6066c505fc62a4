/** Tables: a region that scrolls and can be focused, named by its head. */
import type { Tokens } from 'marked'
import { type ComponentChildren, h } from 'preact'
import type { LinkTools } from '../../panel/slots.ts'
import { inline } from './inline.tsx'

/** Text whose first letter is of Hebrew, Arabic or a script between them. */
const RTL = /^\P{L}*[\u0590-\u08ff]/u

export function table({ header, rows }: Tokens.Table, tools: LinkTools): ComponentChildren {
  const names = header.map(({ text }) => text).join(', ')
  return (
    <div class="table" tabIndex={0} role="region" aria-label={names}>
      {/* The order of the columns. `auto` would not see the words, since each cell has a direction of its own. */}
      <table dir={RTL.test(names) ? 'rtl' : 'ltr'}>
        <thead>
          <tr>
            {header.map((cell) => (
              <th scope="col" dir="auto" class={cell.align ?? undefined}>
                {inline(cell.tokens, tools)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr>
              {row.map((cell) => (
                <td dir="auto" class={cell.align ?? undefined}>
                  {inline(cell.tokens, tools)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
