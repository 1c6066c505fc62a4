/** DPoP proofs, RFC 9449 section 4.2, in some 500 bytes: a library for it costs 1,400. */

const base64Url = (bytes: ArrayBuffer | Uint8Array<ArrayBuffer>): string =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
    .replace(/=/g, '')
const utf8 = (text: string) => new TextEncoder().encode(text)
const part = (value: object): string => base64Url(utf8(JSON.stringify(value)))

export type ProofOf = { method: string; url: string; token?: string | undefined; nonce?: string | undefined }

/** A proof for one call. `url` is without query and fragment. */
export async function makeProof(pair: CryptoKeyPair, { method, url, token, nonce }: ProofOf): Promise<string> {
  const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', pair.publicKey)
  const claims = {
    jti: base64Url(crypto.getRandomValues(new Uint8Array(12))),
    htm: method,
    htu: url,
    iat: Math.floor(Date.now() / 1000),
    ath: token && base64Url(await crypto.subtle.digest('SHA-256', utf8(token))),
    nonce,
  }
  const signed = `${part({ typ: 'dpop+jwt', alg: 'ES256', jwk: { kty, crv, x, y } })}.${part(claims)}`
  return `${signed}.${base64Url(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, pair.privateKey, utf8(signed)))}`
}
