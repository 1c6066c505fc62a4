/** The documents that the assistant learned, and a form for more with the progress of the upload. */
import { h, type JSX } from 'preact'
import { useRef, useState } from 'preact/hooks'
import type { Api } from './api.ts'
import type { ViewProps } from './app.tsx'
import { sentence, useLoad } from './load.ts'
import { Field, Head, Listing, many } from './parts.tsx'
import { type Document, Documents, Done, Taught, Widgets } from './schemas.ts'

const TYPES = '.pdf,.docx,.txt,.md'
const CAP = 10 * 1024 * 1024

export function KnowledgeView({ api }: ViewProps): JSX.Element {
  const loaded = useLoad(() => api.call(Documents, '/knowledge'), '')
  return (
    <section>
      <Head title="Knowledge" loaded={loaded} />
      <UploadForm api={api} onDone={loaded.reload} />
      <Listing
        loaded={loaded}
        isEmpty={({ documents }) => documents.length === 0}
        count={({ documents }) => many(documents.length, 'document')}
        empty="Nothing taught yet. Add a document above, and the assistant answers from it."
      >
        {({ documents }) => (
          <ul class="rows" aria-label="Documents">
            {documents.map((document) => (
              <DocumentRow key={document.id} api={api} document={document} onGone={loaded.reload} />
            ))}
          </ul>
        )}
      </Listing>
    </section>
  )
}

type Upload = { state: 'none' | 'running' | 'done' | 'failed'; share: number; text: string }

function UploadForm({ api, onDone }: { api: Api; onDone: () => void }): JSX.Element {
  const widgets = useLoad(() => api.call(Widgets, '/widgets'), '')
  const [upload, setUpload] = useState<Upload>({ state: 'none', share: 0, text: '' })
  const stop = useRef<AbortController>(undefined)

  const submit = async (event: SubmitEvent & { currentTarget: HTMLFormElement }) => {
    event.preventDefault()
    if (upload.state === 'running') return
    const form = event.currentTarget
    const given = new FormData(form)
    const file = given.get('file')
    if (!(file instanceof File) || file.size === 0)
      return setUpload({ state: 'failed', share: 0, text: 'Choose a file first.' })
    if (file.size > CAP) return setUpload({ state: 'failed', share: 0, text: 'The file may hold at most 10 MB.' })
    stop.current = new AbortController()
    const running = (share: number) => setUpload({ state: 'running', share, text: '' })
    running(0)
    try {
      await api.upload(Taught, '/knowledge/upload', ordered(given, file), {
        progress: running,
        signal: stop.current.signal,
      })
      setUpload({ state: 'done', share: 1, text: `${file.name} was added.` })
      form.reset()
      onDone()
    } catch (error) {
      setUpload({ state: 'failed', share: 0, text: `Not added: ${sentence(error)}` })
    }
  }

  const percent = Math.round(upload.share * 100)
  return (
    <form class="form card" onSubmit={submit}>
      <h2>Add a document</h2>
      <Field id="widget" label="Widget">
        <select id="widget" name="widget_id" required>
          {widgets.value?.widgets.map((widget) => (
            <option key={widget.widget_id} value={widget.widget_id}>
              {widget.name || widget.widget_id}
            </option>
          ))}
        </select>
      </Field>
      <Field id="category" label="Category (optional)">
        <input id="category" name="category" maxLength={100} />
      </Field>
      <Field id="file" label="File" hint="PDF, DOCX, TXT or MD, up to 10 MB.">
        <input id="file" name="file" type="file" accept={TYPES} aria-describedby="file-hint" />
      </Field>
      <p class="actions">
        <button class="primary" type="submit" aria-disabled={upload.state === 'running'}>
          Add
        </button>
        {upload.state === 'running' && (
          <button type="button" onClick={() => stop.current?.abort()}>
            Stop
          </button>
        )}
      </p>
      {upload.state === 'running' && (
        <p class="progress">
          <progress aria-label="Upload" max={100} value={percent} /> <span>{percent} %</span>
        </p>
      )}
      <p role="status" class={upload.state === 'failed' ? 'error' : 'good'}>
        {upload.text}
      </p>
    </form>
  )
}

/** The file comes last, so that the edge can refuse wrong fields before it arrives. */
function ordered(given: FormData, file: File): FormData {
  const form = new FormData()
  const category = String(given.get('category') ?? '').trim()
  form.set('widget_id', String(given.get('widget_id')))
  if (category !== '') form.set('category', category)
  form.set('file', file)
  return form
}

type RowProps = { api: Api; document: Document; onGone: () => void }

/** Removing asks for confirmation in the same place, so that an accidental click removes no document. */
function DocumentRow({ api, document, onGone }: RowProps): JSX.Element {
  const [asked, setAsked] = useState(false)
  const [error, setError] = useState('')
  const remove = async () => {
    if (!asked) return setAsked(true)
    try {
      await api.call(Done, `/knowledge/${encodeURIComponent(document.id)}`, { method: 'DELETE' })
      onGone()
    } catch (thrown) {
      setError(`Not removed: ${sentence(thrown)}`)
      setAsked(false)
    }
  }
  return (
    <li class="row">
      <div class="line">
        <h2>{document.name}</h2>
        {document.category && <span class="tag">{document.category}</span>}
        {document.size > 0 && <span>{size(document.size)}</span>}
        {document.status && <span>{document.status}</span>}
        <button type="button" onClick={remove} onBlur={() => setAsked(false)}>
          {asked ? 'Really remove?' : 'Remove'} <span class="sr">{document.name}</span>
        </button>
      </div>
      {error !== '' && (
        <p class="error" role="alert">
          {error}
        </p>
      )}
    </li>
  )
}

const size = (bytes: number): string =>
  bytes < 1024
    ? `${bytes} B`
    : bytes < 1024 * 1024
      ? `${Math.round(bytes / 1024)} KB`
      : `${(bytes / 1024 / 1024).toFixed(1)} MB`
