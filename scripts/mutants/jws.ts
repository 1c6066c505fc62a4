/** The defences of everything that is a signed token, whoever signed it. */
import { edge, type Mutant } from './mutant.ts'

const JWT = 'JWT confusion'

export const JWS_MUTANTS: readonly Mutant[] = [
  edge(
    JWT,
    'one spelling of a JWS',
    'base/base64url.ts',
    'return encodeBase64Url(bytes) === text ? bytes : undefined',
    'return bytes',
    'gates',
  ),
  edge(
    JWT,
    'an extension of the header is not read past',
    'token/jws-gate.ts',
    "const EXTENSIONS = ['crit', 'b64', 'zip']",
    'const EXTENSIONS: string[] = []',
    'jws',
  ),
  edge(
    JWT,
    'the signature is verified by the algorithm of the key',
    'token/jwt.ts',
    'algorithms: [algorithm],',
    "algorithms: ['HS256', 'ES256', 'RS256', 'EdDSA', 'Ed25519'],",
    'jws',
  ),
  edge(
    JWT,
    'a key has one spelling, and one thumbprint',
    'token/dpop.ts',
    'v.check((text) => decodeBase64Url(text)?.length === 32),',
    'v.check((text) => text.length > 0),',
    'jws',
  ),
  edge(JWT, 'a proof shows no private key', 'token/dpop.ts', '...{ d: absent, ', '...{ ', 'dpop'),
  edge(
    JWT,
    'the key of a proof is for proofs',
    'token/dpop.ts',
    "use: v.optional(v.literal('sig')),",
    'use: v.optional(v.unknown()),',
    'jws',
  ),
  edge(JWT, 'the issuer is compared', 'token/jwt.ts', '...(issuer !== undefined && { issuer }),', '', 'jws'),
  edge(JWT, 'the audience is compared', 'token/jwt.ts', '...(audience !== undefined && { audience }),', '', 'jws'),
  edge(
    JWT,
    'a token ends to the second, and begins',
    'token/jwt.ts',
    'clockTolerance: tolerance,',
    'clockTolerance: tolerance + 1,',
    'jws',
  ),
  edge(
    JWT,
    'a time is a finite number',
    'token/jwt.ts',
    'time === undefined || Number.isFinite(time)',
    'time !== null',
    'jws',
  ),
  edge(
    JWT,
    'a key is for one purpose',
    'token/key-ring.ts',
    '`caty-keyless/v1/${purpose}`',
    '`caty-keyless/v1/${purpose.length - purpose.length}`',
    'tokens',
  ),
]
