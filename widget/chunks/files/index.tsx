/** The files chunk: an attach button, drop and paste. Files are checked first; an upload shows progress and can be cancelled. */
import { Component, Fragment, h } from 'preact'
import { isCallError } from '../../client/errors.ts'
import type { FilesProps } from '../guide/chunk-props.ts'
import { type Upload, upload } from './upload.ts'
import { ACCEPT, limitText, refusal, TYPES } from './validate.ts'

export { default as css } from './styles.css'

type State = {
  /** The file that is being sent, or could not be sent. */
  file: File | undefined
  /** Share that has been sent, from 0 to 1. */
  share: number
  failure: string
  /** A file is being dragged over the chat. */
  isDragging: boolean
}
const IDLE: State = { file: undefined, share: 0, failure: '', isDragging: false }

export class Files extends Component<FilesProps, State> {
  override state = IDLE
  #input: HTMLInputElement | null = null
  #panel: Element | null = null
  #upload: Upload | undefined
  #queue: File[] = []

  override componentDidMount(): void {
    this.#panel = this.#input?.closest('[role=dialog]') ?? null
    for (const type of EVENTS) this.#panel?.addEventListener(type, this.#handle)
  }

  override componentWillUnmount(): void {
    this.#upload?.cancel()
    for (const type of EVENTS) this.#panel?.removeEventListener(type, this.#handle)
  }

  #handle = (event: Event): void => {
    const transfer =
      event instanceof ClipboardEvent ? event.clipboardData : event instanceof DragEvent ? event.dataTransfer : null
    if (event.type === 'dragleave') {
      const to = event instanceof DragEvent ? event.relatedTarget : null
      if (!(to instanceof Node && this.#panel?.contains(to))) this.setState({ isDragging: false })
      return
    }
    if (!transfer?.types.includes('Files') || isText(event, transfer)) return
    event.preventDefault()
    this.setState({ isDragging: event.type === 'dragover' })
    if (event.type !== 'dragover') this.#queueFiles([...transfer.files])
  }

  #queueFiles(files: readonly File[]): void {
    this.#queue.push(...files)
    if (!this.state.file || this.state.failure) this.#next()
  }

  #next(): void {
    const { strings } = this.props
    const file = this.#queue.shift()
    const refused = file && refusal(file)
    if (!refused) {
      if (file) void this.#send(file)
      else this.setState(IDLE)
      return
    }
    // The sentence stays until the next file, which is sent all the same.
    const types = new Intl.ListFormat(strings.code, { type: 'disjunction' }).format(TYPES)
    this.setState({
      ...IDLE,
      failure:
        refused === 'type'
          ? strings.fileType.replace('{types}', types)
          : strings.fileSize.replace('{size}', limitText(strings.code)),
    })
    if (this.#queue.length) this.#next()
  }

  async #send(file: File): Promise<void> {
    const { strings, post, onSent } = this.props
    const current = upload((share) => this.setState({ share }))
    this.#upload = current
    this.setState({ ...IDLE, file })
    try {
      const answer = await post<{ response?: string }>('/api/widget/upload', { file }, { fetch: current.fetch })
      onSent(file.name, answer.response)
      this.#next()
    } catch (error) {
      if (this.#upload !== current) return
      const status = isCallError(error) && 'status' in error.fault ? error.fault.status : 0
      const types = TYPES.join(', ')
      this.setState({
        failure:
          status === 415
            ? strings.fileType.replace('{types}', types)
            : status === 413
              ? strings.fileSize.replace('{size}', limitText(strings.code))
              : status === 403
                ? strings.unavailable
                : strings.formFailed,
      })
    }
  }

  #cancel(): void {
    const current = this.#upload
    this.#upload = undefined
    current?.cancel()
    this.#next()
  }

  render({ strings }: FilesProps, { file, share, failure, isDragging }: State) {
    return (
      <>
        {isDragging && <div class="drop-zone">{strings.drop}</div>}
        {(file || failure) && (
          <div class="upload" role="status">
            <span>{failure || strings.uploading.replace('{name}', file?.name ?? '')}</span>
            {file && !failure && (
              <progress value={share} max={1} aria-label={strings.uploading.replace('{name}', file.name)} />
            )}
            {file && failure && (
              <button type="button" class="link-button" onClick={() => this.#send(file)}>
                {strings.again}
              </button>
            )}
            <button type="button" class="link-button" onClick={() => this.#cancel()}>
              {file ? strings.cancel : strings.dismiss}
            </button>
          </div>
        )}
        <input
          ref={(node) => {
            this.#input = node
          }}
          type="file"
          hidden
          multiple
          accept={ACCEPT}
          onChange={({ currentTarget }) => {
            this.#queueFiles([...(currentTarget.files ?? [])])
            // Otherwise choosing the same file again would be no change.
            currentTarget.value = ''
          }}
        />
        <button
          type="button"
          class="attach"
          part="attach"
          aria-label={strings.attach}
          onClick={() => this.#input?.click()}
        >
          <svg viewBox="0 0 24 24" aria-hidden="true">
            <path d="M20 11l-8.5 8.5a5 5 0 0 1-7-7L13 4a3.4 3.4 0 0 1 4.8 4.8L9.4 17.2a1.7 1.7 0 0 1-2.4-2.4L14.500 7.500" />
          </svg>
        </button>
      </>
    )
  }
}

/**
 * Spreadsheets and word processors add a picture to the text that is copied. There the text is meant, unless it is the name
 * of a file, which is what some systems add to a copied file.
 */
function isText({ type }: Event, transfer: DataTransfer): boolean {
  if (type !== 'paste') return false
  const text = transfer.getData('text/plain')
  return text.trim() !== '' && ![...transfer.files].some(({ name }) => text.includes(name))
}

const EVENTS = ['dragover', 'dragleave', 'drop', 'paste']
