/** Signs in with e-mail and password. The typed values stay after a mistake. */
import { h, type JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { Auth } from './app.tsx'
import { Field } from './parts.tsx'

/** `expired`: the user did not sign out; the session ended. */
export function SignIn({ auth, expired }: { auth: Auth; expired: boolean }): JSX.Element {
  const [error, setError] = useState('')
  const [busy, setBusy] = useState(false)

  const submit = async (event: SubmitEvent & { currentTarget: HTMLFormElement }) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    setBusy(true)
    const answer = await auth.signInWithPassword({
      email: String(form.get('email')),
      password: String(form.get('password')),
    })
    setBusy(false)
    setError(answer.error ? `${answer.error.message}. Check the address and the password.` : '')
  }

  return (
    <main class="sign-in">
      <h1>Sign in</h1>
      {expired && (
        <p class="notice" role="status">
          Your session has expired. Sign in again, and you are back where you were.
        </p>
      )}
      <form class="form card" onSubmit={submit}>
        <Field id="email" label="E-mail">
          <input id="email" name="email" type="email" autoComplete="username" required />
        </Field>
        <Field id="password" label="Password">
          <input id="password" name="password" type="password" autoComplete="current-password" required />
        </Field>
        {error !== '' && (
          <p class="error" role="alert">
            {error}
          </p>
        )}
        <button class="primary" type="submit" aria-disabled={busy}>
          {busy ? 'Signing in …' : 'Sign in'}
        </button>
      </form>
    </main>
  )
}
