/** The schedule chunk: day and time of an appointment, for the form. The times come from the edge. */
import { Component, h } from 'preact'
import type { Slot } from '../../../edge/contract/edge.ts'
import { dayText, futureSlots, nextDays, timeText } from '../forms/days.ts'
import { Choice } from '../forms/field.tsx'
import type { ScheduleProps } from '../guide/chunk-props.ts'

/** The forms chunk brings the styles. */
export const css = ''

/** `isLive`: the times come from the owner's calendar. */
type State = { slots: Slot[] | undefined; isLive: boolean; hasFailed: boolean }

export class Schedule extends Component<ScheduleProps, State> {
  override state: State = { slots: undefined, isLive: false, hasFailed: false }
  readonly #days = nextDays(new Date(), this.props.request.day)

  override componentDidMount(): void {
    const { request, values, onChoose } = this.props
    const { day, time, slots } = request
    if (day && slots) {
      // The visitor chose in the conversation, among the times of this day.
      this.setState({ slots: [...slots] })
      onChoose('date', day)
      if (time) onChoose('time', time)
    } else if (values.date && this.#days.includes(values.date)) void this.#load(values.date)
    else {
      onChoose('date', '')
      onChoose('time', '')
    }
  }

  async #load(day: string): Promise<void> {
    this.setState({ slots: undefined, isLive: false, hasFailed: false })
    const answer = await this.props.loadSlots(day).catch(() => undefined)
    // The visitor has chosen another day meanwhile.
    if (this.props.values.date !== day) return
    this.setState({
      slots: answer && futureSlots(answer.slots, new Date()),
      isLive: !!answer?.calendar_connected,
      hasFailed: !answer,
    })
  }

  #chooseDay(day: string): void {
    this.props.onChoose('time', '')
    this.props.onChoose('date', day)
    void this.#load(day)
  }

  render({ strings, values, problems, onChoose }: ScheduleProps, { slots, isLive, hasFailed }: State) {
    const { code } = strings
    return (
      <div>
        <Choice name="date" label={strings.date} problem={problems.date}>
          <div class="actions">
            {this.#days.map((day) => (
              <Chip
                {...{ name: 'date', value: day, text: dayText(day, code, 'short'), chosen: values.date }}
                onChoose={() => this.#chooseDay(day)}
              />
            ))}
          </div>
        </Choice>
        {values.date && (
          <Choice name="time" label={strings.time} problem={problems.time}>
            <div role="status">
              {hasFailed ? (
                <p>
                  {strings.timesFailed}{' '}
                  <button type="button" class="link-button" onClick={() => values.date && this.#load(values.date)}>
                    {strings.again}
                  </button>
                </p>
              ) : (
                !slots?.length && <p>{slots ? strings.noTimes : strings.loading}</p>
              )}
            </div>
            <div class="actions">
              {slots?.map((slot) => (
                <Chip
                  {...{ name: 'time', value: slot.label, text: timeText(slot, code), chosen: values.time }}
                  onChoose={() => onChoose('time', slot.label)}
                />
              ))}
            </div>
            {isLive && !!slots?.length && <p class="hint">{strings.synced}</p>}
          </Choice>
        )}
      </div>
    )
  }
}

type ChipProps = { name: string; value: string; text: string; chosen: string | undefined; onChoose: () => void }

const Chip = ({ name, value, text, chosen, onChoose }: ChipProps) => (
  <label>
    <input type="radio" class="visually-hidden" {...{ name, value, checked: value === chosen }} onChange={onChoose} />
    {text}
  </label>
)
