/** Written in place of a secret. */
export const hiddenMark = '[hidden]'

/** A word in the name of a field, a flag or a variable whose value is a secret. */
const word =
  '(?:token|passw(?:or)?d|passphrase|secret|credential|authorization|cookie|api[-_]?key|access[-_]?key|private[-_]?key|signing[-_]?key)'
/** Names with such a word whose value is no secret: `tokenFile`, `--cookie-name`. */
const harmlessName =
  /(?:file|path|folder|dir|name|field|header|type|algorithm|length|bytes|limit|count|size|ttl|seconds|url)s?$/i
const secretWord = new RegExp(word, 'i')

/** Shorter values are hidden where they are declared only: elsewhere they may be part of another word. */
const shortestKnown = 6

/** The name of a field, a flag or a variable with such a word, not inside a longer one. */
const named = `(?<![\\w.-])(?<name>[\\w.-]{0,64}?${word}[\\w-]{0,64})`

/** The ways in which a text declares a secret: `before` stays, `secret` is hidden; `name` is checked by `isSecretName`. */
const declarations = {
  privateKey:
    /(?<before>-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----)(?<secret>[\s\S]+?)(?=-----END|$)/g,
  /** `http://user:password@host`, `https://token@host`: RFC 3986, section 3.2.1. */
  userinfo: /(?<before>:\/\/(?:[^\s/@:?#'"]{0,256}:)?)(?<secret>[^\s/@?#'"]{1,4096})(?=@)/g,
  /** `Authorization: Bearer …` of HTTP, and the same as a setting of a proxy: `Authorization "Bearer …"`. */
  authorization:
    /(?<before>\b(?:proxy-)?authorization\\?["']?(?:\s*:\s*|\s+)\\?["']?(?:(?:bearer|basic|digest|token|negotiate)\s+)?)(?<secret>[^\s"'\\;][^"'\\\r\n;]*)/gi,
  cookie: /(?<before>\b(?:set-)?cookie\s*:\s*)(?<secret>[^\s"'][^"'\r\n]*)/gi,
  /** `curl -u user:password`. */
  user: /(?<before>(?:^|\s)(?:-u|--user|--proxy-user)[\s=]["']?[^\s:"']{1,256}:)(?<secret>[^\s"']+)/g,
  /** `"token": "…"`, `TOKEN='…'`, `password "…"`. */
  quoted: new RegExp(
    `(?<before>${named}(?:\\\\?["'])?(?:\\s{0,9}[:=]\\s{0,9}|\\s{1,9})(?<quote>\\\\?["']))(?<secret>(?:(?!\\k<quote>)[^\\r\\n]){1,4096})`,
    'gi',
  ),
  /** `--admin-token=…`, `TOKEN=…`, `password: …`. */
  assigned: new RegExp(
    `(?<before>${named}(?:\\\\?["'])?\\s{0,9}[:=]\\s{0,9})(?<secret>[^\\s"'&;,)}\\]\\\\[]+)`,
    'gi',
  ),
  /** `--admin-token …`. */
  flag: new RegExp(
    `(?<before>(?<![\\w-])--?${named.replace('(?<![\\w.-])', '')}\\s{1,9})(?<secret>[^\\s"']+)`,
    'gi',
  ),
} as const

/** Whether a field, a flag or a variable of this name holds a secret. */
export function isSecretName(name: string): boolean {
  return secretWord.test(name) && !harmlessName.test(name)
}

/** A text in which secrets may be declared, with a mark in place of each, and the secrets. */
export interface HiddenText {
  readonly text: string
  readonly secrets: readonly string[]
}

/** Hides the secrets that `text` declares: in URLs, fields of HTTP, flags, assignments, JSON and private keys. */
export function hideDeclared(text: string): HiddenText {
  const secrets: string[] = []
  let hidden = text
  for (const pattern of Object.values(declarations)) {
    hidden = hidden.replace(pattern, (...match) => {
      const { before, secret, name } = match.at(-1) as Record<string, string>
      const found = match[0] as string
      if (secret === undefined || !isValue(secret)) return found
      if (name !== undefined && !isSecretName(name)) return found
      secrets.push(secret)
      return `${before}${hiddenMark}`
    })
  }
  return { text: hidden, secrets }
}

/** Hides the secrets that the URLs of `text` hold: the one kind that any message may quote. */
export function hideUserinfo(text: string): string {
  return text.replace(declarations.userinfo, `$<before>${hiddenMark}`)
}

/** Hides each of these values wherever `text` has it: as it is, in JSON, in a URL. */
export function hideKnown(text: string, secrets: readonly string[]): string {
  return knownForms(secrets).reduce((hidden, secret) => hidden.replaceAll(secret, hiddenMark), text)
}

/** The values of environment variables whose name is that of a secret. */
export function secretsInEnvironment(env: NodeJS.ProcessEnv): string[] {
  return Object.entries(env).flatMap(([name, value = '']) =>
    isSecretName(name) && isValue(value) && !/^[/~]|^[a-z]+$/.test(value) ? [value] : [],
  )
}

/** Whether a text is a secret itself: no variable, placeholder, file or scheme in place of one, and not hidden before. */
function isValue(text: string): boolean {
  const standsForOne = /^(?:[$@{<]|--?[a-z])|^(?:bearer|basic|digest|token|negotiate)$/i
  return text !== '' && !standsForOne.test(text) && !text.includes(hiddenMark)
}

/** The forms in which a value may be quoted, the longest first, so that none hides a part of another. */
function knownForms(secrets: readonly string[]): string[] {
  const forms = secrets
    .filter((secret) => secret.length >= shortestKnown)
    .flatMap((secret) => [
      secret,
      JSON.stringify(secret).slice(1, -1),
      encodeURIComponent(secret.toWellFormed()),
      decoded(secret),
    ])
  return [...new Set(forms)].toSorted((a, b) => b.length - a.length)
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
