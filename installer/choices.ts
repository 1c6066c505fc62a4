/**
 * What an owner may choose, by the attributes of the tag (a test compares them with docs/tag.md). An empty value
 * leaves the attribute out, so that Caty's dashboard or the default decides.
 */

type Common = {
  /** The attribute without `data-`. */
  name: string
  label: string
  hint?: string
  /** Asked only if another choice has this value. */
  when?: readonly [name: string, value: string]
}
export type Choice = Common &
  (
    | { kind: 'one'; options: readonly (readonly [value: string, label: string])[] }
    | { kind: 'corners'; options: readonly (readonly [value: string, label: string])[] }
    | { kind: 'language' }
    | { kind: 'colour' }
    | { kind: 'line' | 'lines'; placeholder?: string; initial?: string }
    | { kind: 'number'; placeholder: string }
  )
export type Group = { title: string; choices: readonly Choice[] }

const DASHBOARD = 'As Caty’s dashboard says'

export const GROUPS: readonly Group[] = [
  {
    title: 'Looks',
    choices: [
      { name: 'primary-color', label: 'Colour', kind: 'colour' },
      {
        name: 'theme',
        label: 'Theme',
        kind: 'one',
        options: [
          ['', DASHBOARD],
          ['auto', 'As the visitor’s system'],
          ['light', 'Light'],
          ['dark', 'Dark'],
        ],
      },
      {
        name: 'layout',
        label: 'Layout',
        kind: 'one',
        options: [
          ['', 'A window above the page'],
          ['sidebar', 'A sidebar along one edge'],
          ['inline', 'A part of the page'],
        ],
      },
      {
        name: 'target',
        label: 'Where in the page',
        hint: 'A CSS selector. The first line of the tag makes such an element: put it where you want the chat.',
        when: ['layout', 'inline'],
        kind: 'line',
        initial: '#chat',
      },
      {
        name: 'launcher',
        label: 'Launcher',
        kind: 'one',
        options: [
          ['', 'A round button'],
          ['none', 'None: a button of your own opens the chat'],
        ],
      },
    ],
  },
  {
    title: 'Place',
    choices: [
      {
        name: 'position',
        label: 'Corner',
        kind: 'corners',
        options: [
          ['top-left', 'Top left'],
          ['top-right', 'Top right'],
          ['bottom-left', 'Bottom left'],
          ['', 'Bottom right'],
        ],
      },
      { name: 'offset-x', label: 'From the side, in pixels', kind: 'number', placeholder: '20' },
      { name: 'offset-y', label: 'From above or below, in pixels', kind: 'number', placeholder: '20' },
      {
        name: 'z-index',
        label: 'Layer (z-index)',
        hint: 'Lower it if a part of your page must be above the chat.',
        kind: 'number',
        placeholder: '2147483000',
      },
    ],
  },
  {
    title: 'Words',
    choices: [
      { name: 'language', label: 'Language', kind: 'language' },
      { name: 'greeting', label: 'Greeting', kind: 'lines', placeholder: 'as Caty’s dashboard says' },
    ],
  },
  {
    title: 'Privacy and loading',
    choices: [
      {
        name: 'consent',
        label: 'Consent',
        kind: 'one',
        options: [
          ['', 'Not asked for'],
          ['required', 'Wait until the visitor consents'],
          ['granted', 'Given already'],
          ['denied', 'Refused'],
        ],
      },
      {
        name: 'context',
        label: 'What Caty learns of the page',
        kind: 'one',
        options: [
          ['', 'Its address and title'],
          ['full', 'Also its text and products'],
          ['off', 'Nothing'],
        ],
      },
      {
        name: 'transcript',
        label: 'Conversation after a reload',
        kind: 'one',
        options: [
          ['', 'Is there again'],
          ['off', 'Is forgotten'],
        ],
      },
      {
        name: 'load',
        label: 'Loads',
        kind: 'one',
        options: [
          ['', 'When the page is idle'],
          ['intent', 'When a visitor shows interest'],
          ['manual', 'When your script calls init()'],
        ],
      },
      {
        name: 'widget-id',
        label: 'Widget',
        hint: 'Only for a Worker with more than one.',
        kind: 'line',
        placeholder: 'default',
      },
      {
        name: 'nonce',
        label: 'Nonce',
        hint: 'Only where your page’s policy works with nonces; your server writes it anew for each page.',
        kind: 'line',
      },
    ],
  },
]

export const CHOICES: readonly Choice[] = GROUPS.flatMap(({ choices }) => choices)
