/** Who is notified by Caty of a new lead, and how. */
import { h, type JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { Api } from './api.ts'
import type { ViewProps } from './app.tsx'
import { complaint } from './complaint.ts'
import { useLoad } from './load.ts'
import { Field, Head, Listing } from './parts.tsx'
import { Settings } from './schemas.ts'

/** The form's labels by the members that its fields become. */
const LABELS = { 'email.addresses': 'Addresses', 'whatsapp.phone': 'Phone number' }
const PATH = '/notifications/settings'

export function NotificationsView({ api }: ViewProps): JSX.Element {
  const loaded = useLoad(() => api.call(Settings, PATH), '')
  return (
    <section>
      <Head title="Notifications" />
      <Listing loaded={loaded} isEmpty={() => false} empty="">
        {({ settings }) => <SettingsForm api={api} settings={settings} />}
      </Listing>
    </section>
  )
}

function SettingsForm({ api, settings }: { api: Api; settings: Settings }): JSX.Element {
  const [said, setSaid] = useState<{ text: string; failed: boolean }>()
  const { email, push, whatsapp } = settings

  const submit = async (event: SubmitEvent & { currentTarget: HTMLFormElement }) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const on = (name: string) => form.get(name) === 'on'
    const addresses = String(form.get('addresses')).split(/[\s,;]+/)
    const body = {
      email: { enabled: on('email'), addresses: addresses.filter((address) => address !== '') },
      push: { enabled: on('push') },
      whatsapp: { enabled: on('whatsapp'), phone: String(form.get('phone')).trim() },
    }
    try {
      await api.call(Settings, PATH, { method: 'PUT', body })
      setSaid({ text: 'Saved.', failed: false })
    } catch (error) {
      setSaid({ text: `Not saved: ${complaint(error, LABELS, body)}`, failed: true })
    }
  }

  return (
    <form class="form card" onSubmit={submit}>
      <fieldset>
        <legend>E-mail</legend>
        <Switch name="email" label="Send an e-mail" on={email.enabled ?? false} />
        <Field id="addresses" label="Addresses" hint="One a line.">
          <textarea
            id="addresses"
            name="addresses"
            rows={3}
            defaultValue={email.addresses?.join('\n') ?? ''}
            aria-describedby="addresses-hint"
          />
        </Field>
      </fieldset>
      <fieldset>
        <legend>Push</legend>
        <Switch name="push" label="Send a push message" on={push.enabled ?? false} />
      </fieldset>
      <fieldset>
        <legend>WhatsApp</legend>
        <Switch name="whatsapp" label="Send a WhatsApp message" on={whatsapp.enabled ?? false} />
        <Field id="phone" label="Phone number">
          <input id="phone" name="phone" type="tel" defaultValue={whatsapp.phone ?? ''} />
        </Field>
      </fieldset>
      <p class="actions">
        <button class="primary" type="submit">
          Save
        </button>
        <span role="status" class={said?.failed ? 'error' : 'good'}>
          {said?.text}
        </span>
      </p>
    </form>
  )
}

function Switch({ name, label, on }: { name: string; label: string; on: boolean }): JSX.Element {
  return (
    <p class="switch">
      <input id={name} name={name} type="checkbox" defaultChecked={on} /> <label for={name}>{label}</label>
    </p>
  )
}
