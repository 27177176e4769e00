import { type Declaration, declarations } from './secret-declarations.ts'
import { isSecretName } from './secret-names.ts'

/** Written in place of a secret. */
export const hiddenMark = '[hidden]'

/** Shorter values are hidden where they are declared only: elsewhere they may be part of another word. */
const shortestKnown = 6

/** A text in which secrets may be declared, with a mark in place of each, and the secrets. */
export interface HiddenText {
  readonly text: string
  readonly secrets: readonly string[]
}

/** Hides the secrets that `text` declares: in URLs, fields of HTTP, flags, assignments, JSON and private keys. */
export function hideDeclared(text: string): HiddenText {
  const secrets: string[] = []
  const hidden = Object.values(declarations).reduce(
    (before, declaration) => hideOne(before, declaration, secrets),
    text,
  )
  return { text: hidden, secrets }
}

/** Hides the secrets that any message may quote: those in URLs, private keys, and tokens that are known by their form. */
export function hideInMessage(text: string): string {
  const { privateKey, userinfo, form } = declarations
  return [privateKey, userinfo, form].reduce((before, one) => hideOne(before, one, []), text)
}

/** Hides what is declared in one way, in one pass, and adds it to `secrets`. */
function hideOne(text: string, declaration: Declaration, secrets: string[]): string {
  const { before, isSecret = () => true } = declaration
  const parts: string[] = []
  let [shownFrom, readFrom] = [0, 0]
  for (const match of text.matchAll(before)) {
    const at = match.index + match[0].length
    const { name } = match.groups ?? {}
    // What belongs to a harmless name may declare secrets itself: `token_url=http://host/?token=…`.
    if (match.index < readFrom || (name !== undefined && !isSecretName(name))) continue
    const secret = secretAt(text, at, secretOf(declaration, match))
    if (secret === undefined || !isSecret(secret)) continue
    readFrom = at + secret.length
    if (!isValue(secret)) continue
    secrets.push(secret)
    parts.push(text.slice(shownFrom, at), hiddenMark)
    shownFrom = readFrom
  }
  return parts.length === 0 ? text : [...parts, text.slice(shownFrom)].join('')
}

function secretOf({ secret }: Declaration, match: RegExpExecArray): RegExp {
  return secret instanceof RegExp ? secret : secret(match.groups?.quote ?? '')
}

function secretAt(text: string, at: number, pattern: RegExp): string | undefined {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0]
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
