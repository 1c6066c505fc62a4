/** The files chunk: a button beside the composer, dropping and pasting; checked first, with progress and a way back. */
import { Component, Fragment, h } from 'preact'
import type { FilesProps } from '../guide/chunk-props.ts'
import { type Upload, upload } from './upload.ts'
import { ACCEPT, limitText, refusal, TYPES } from './validate.ts'

export { FILES_CSS as CSS } from './styles.ts'

type State = {
  file: File | undefined
  share: number
  failure: string
  /** Something is being dragged over the chat. */
  over: boolean
}
const IDLE: State = { file: undefined, share: 0, failure: '', over: false }

export class Files extends Component<FilesProps, State> {
  override state = IDLE
  #input: HTMLInputElement | null = null
  #panel: Element | null = null
  #upload: Upload | undefined
  #queue: File[] = []

  override componentDidMount(): void {
    this.#panel = this.#input?.closest('[role=dialog]') ?? null
    for (const type of EVENTS) this.#panel?.addEventListener(type, this.#on)
  }

  override componentWillUnmount(): void {
    this.#upload?.cancel()
    for (const type of EVENTS) this.#panel?.removeEventListener(type, this.#on)
  }

  #on = (event: Event): void => {
    const given =
      event instanceof ClipboardEvent ? event.clipboardData : event instanceof DragEvent ? event.dataTransfer : null
    if (event.type === 'dragleave') {
      const to = event instanceof DragEvent ? event.relatedTarget : null
      if (!(to instanceof Node && this.#panel?.contains(to))) this.setState({ over: false })
      return
    }
    if (!given?.types.includes('Files')) return
    event.preventDefault()
    this.setState({ over: event.type === 'dragover' })
    if (event.type !== 'dragover') this.#take([...given.files])
  }

  #take(files: readonly File[]): void {
    this.#queue.push(...files)
    if (!this.state.file || this.state.failure) this.#next()
  }

  #next(): void {
    const { said } = this.props
    const file = this.#queue.shift()
    const refused = file && refusal(file)
    if (!refused) {
      if (file) void this.#send(file)
      else this.setState(IDLE)
      return
    }
    // The next one is not held back by it, and its sentence stays until then.
    const types = new Intl.ListFormat(said.code, { type: 'disjunction' }).format(TYPES)
    this.setState({
      ...IDLE,
      failure:
        refused === 'type'
          ? said.fileType.replace('{types}', types)
          : said.fileSize.replace('{size}', limitText(said.code)),
    })
    if (this.#queue.length) this.#next()
  }

  async #send(file: File): Promise<void> {
    const { said, post, sent } = this.props
    const going = upload((share) => this.setState({ share }))
    this.#upload = going
    this.setState({ ...IDLE, file })
    try {
      const answer = await post<{ response?: string }>('/api/widget/upload', { file }, { fetch: going.fetch })
      sent(file.name, answer.response)
      this.#next()
    } catch (error) {
      if (this.#upload !== going) return
      const { status } = Object(Object(error).fault)
      const types = TYPES.join(', ')
      this.setState({
        failure:
          status === 415
            ? said.fileType.replace('{types}', types)
            : status === 413
              ? said.fileSize.replace('{size}', limitText(said.code))
              : status === 403
                ? said.unavailable
                : said.formFailed,
      })
    }
  }

  #cancel(): void {
    const going = this.#upload
    this.#upload = undefined
    going?.cancel()
    this.#next()
  }

  render({ said }: FilesProps, { file, share, failure, over }: State) {
    return (
      <>
        {over && <div class="dz">{said.drop}</div>}
        {(file || failure) && (
          <div class="up" role="status">
            <span>{failure || said.uploading.replace('{name}', file?.name ?? '')}</span>
            {file && !failure && (
              <progress value={share} max={1} aria-label={said.uploading.replace('{name}', file.name)} />
            )}
            {file && failure && (
              <button type="button" class="li" onClick={() => this.#send(file)}>
                {said.again}
              </button>
            )}
            <button type="button" class="li" onClick={() => this.#cancel()}>
              {file ? said.cancel : said.dismiss}
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
            this.#take([...(currentTarget.files ?? [])])
            // The same file may be chosen again.
            currentTarget.value = ''
          }}
        />
        <button type="button" class="at" part="attach" aria-label={said.attach} onClick={() => this.#input?.click()}>
          <svg viewBox="0 0 24 24" aria-hidden="true">
            <path d="M20 11l-8.5 8.5a5 5 0 0 1-7-7L13 4a3.4 3.4 0 0 1 4.8 4.8L9.4 17.2a1.7 1.7 0 0 1-2.4-2.4L14.500 7.500" />
          </svg>
        </button>
      </>
    )
  }
}

const EVENTS = ['dragover', 'dragleave', 'drop', 'paste']
