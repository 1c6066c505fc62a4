/** The schedule chunk: day and time of an appointment, for its form. The times are the server's; where it has none, or cannot be asked, that is said. */
import { Component, h } from 'preact'
import type { Slot } from '../../../edge/contract/edge.ts'
import { ahead, dayText, nextDays, timeText } from '../forms/days.ts'
import { Choice } from '../forms/field.tsx'
import type { ScheduleProps } from '../guide/chunk-props.ts'

/** The form's own chunk brings the look. */
export const CSS = ''

type State = { slots: Slot[] | undefined; synced: boolean; failed: boolean }

export class Schedule extends Component<ScheduleProps, State> {
  override state: State = { slots: undefined, synced: false, failed: false }
  readonly #days = nextDays(new Date(), this.props.asked.day)

  override componentDidMount(): void {
    const { asked, values, chosen } = this.props
    const { day, time, slots } = asked
    if (day && slots) {
      // Chosen in the conversation: the times that stood there are the times of this day.
      this.setState({ slots: [...slots] })
      chosen('date', day)
      if (time) chosen('time', time)
    } else if (values.date && this.#days.includes(values.date)) void this.#load(values.date)
    else {
      chosen('date', '')
      chosen('time', '')
    }
  }

  async #load(day: string): Promise<void> {
    this.setState({ slots: undefined, synced: false, failed: false })
    const answer = await this.props.slots(day).catch(() => undefined)
    // Another day was chosen meanwhile.
    if (this.props.values.date !== day) return
    this.setState({
      slots: answer && ahead(answer.slots, new Date()),
      synced: !!answer?.calendar_connected,
      failed: !answer,
    })
  }

  #choose(day: string): void {
    this.props.chosen('time', '')
    this.props.chosen('date', day)
    void this.#load(day)
  }

  render({ said, values, problems, chosen }: ScheduleProps, { slots, synced, failed }: State) {
    return (
      <div>
        <Choice name="date" label={said.date} problem={problems.date}>
          <div class="q">
            {this.#days.map((day) => (
              <Chip
                {...{ name: 'date', value: day, text: dayText(day, said.code, 'short'), chosen: values.date }}
                choose={() => this.#choose(day)}
              />
            ))}
          </div>
        </Choice>
        {values.date && (
          <Choice name="time" label={said.time} problem={problems.time}>
            <div role="status">
              {failed ? (
                <p>
                  {said.timesFailed}{' '}
                  <button type="button" class="li" onClick={() => values.date && this.#load(values.date)}>
                    {said.again}
                  </button>
                </p>
              ) : (
                !slots?.length && <p>{slots ? said.noTimes : said.loading}</p>
              )}
            </div>
            <div class="q">
              {slots?.map((slot) => (
                <Chip
                  {...{ name: 'time', value: slot.label, text: timeText(slot, said.code), chosen: values.time }}
                  choose={() => chosen('time', slot.label)}
                />
              ))}
            </div>
            {synced && !!slots?.length && <p class="op">{said.synced}</p>}
          </Choice>
        )}
      </div>
    )
  }
}

type ChipProps = { name: string; value: string; text: string; chosen: string | undefined; choose: () => void }

const Chip = ({ name, value, text, chosen, choose }: ChipProps) => (
  <label>
    <input type="radio" class="v" {...{ name, value, checked: value === chosen }} onChange={choose} />
    {text}
  </label>
)
