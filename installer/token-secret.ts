/** Makes a value for the setting `TOKEN_SECRETS` in the browser, for owners who deploy without a terminal. */

/** `k1:` and the base64url of 32 random bytes. */
function tokenSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32))
  const base64 = btoa(String.fromCharCode(...bytes))
  return `k1:${base64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')}`
}

const secret = document.querySelector('#secret')
const copied = document.querySelector('#copied')
if (secret) secret.textContent = tokenSecret()

document.querySelector('#copy')?.addEventListener('click', async () => {
  const done = await navigator.clipboard.writeText(secret?.textContent ?? '').then(
    () => true,
    () => false,
  )
  if (copied) copied.textContent = done ? 'Copied.' : 'Your browser did not allow it: select the line and copy it.'
})
