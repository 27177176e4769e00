/** Kinds of keys that are secrets: `apiKey`, `X-Auth-Key`, `Ocp-Apim-Subscription-Key`, `AccountKey=`. */
const keyKinds =
  'access|account|admin|api|app|application|auth|cipher|client|crypto|decryption|deploy|encryption|functions?|hmac|integration|licen[cs]e|master|private|root|service|session|shared|signing|ssh|storage|subscription|ticket|webhook'

/** Words that make a name that of a secret, wherever they are in it. */
const anywhere = `token|passw(?:or)?d|pass[-_.]?(?:word|phrase|code|key)|secret|credential|authorization|cookie|bearer|jwt|csrf|xsrf|signature|(?:${keyKinds})[-_.]?keys?`

/** Words that make it one at its end only: `DB_PASS`, `X-Auth`, `?sig=`, but not `sessionTimeout`. */
const atEnd = 'pass|pwd|auth|hmac|psk|sas|sig|sid|session|session[-_.]?id|sess[-_.]?id|t?otp'

/** The words of secrets in a pattern for names in texts, with more than `isSecretName` finds. */
export const wordOfSecrets = `(?:${anywhere}|${atEnd})`

const secretAnywhere = new RegExp(anywhere, 'i')
/** With a boundary before it: `X-Auth`, `dbPass`, but not `compass`. */
const secretAtEnd = new RegExp(`(?:^|-)(?:${atEnd}|(?:php|j|asp)sess(?:ion)?id)$`)

/** Names with such a word whose value is no secret: `tokenFile`, `--cookie-name`. */
const harmlessEnd =
  /(?:file|path|folder|dir|name|field|header|type|algorithm|length|bytes|limit|count|size|ttl|seconds|url)s?$/i
/** Addresses in a configuration of nginx, and the working folder of a shell. */
const harmless = /^(?:(?:proxy|fastcgi|uwsgi|scgi|grpc|memcached)_pass|(?:OLD)?PWD)$/

/** Whether a field, a flag or a variable of this name holds a secret. */
export function isSecretName(name: string): boolean {
  if (harmlessEnd.test(name) || harmless.test(name)) return false
  return secretAnywhere.test(name) || secretAtEnd.test(inLowerCase(name))
}

/** `dbPass`, `DB_PASS` and `db.pass` as `db-pass`. */
function inLowerCase(name: string): string {
  return name
    .replace(/([a-z\d])([A-Z])/g, '$1-$2')
    .replace(/[._]/g, '-')
    .toLowerCase()
}
