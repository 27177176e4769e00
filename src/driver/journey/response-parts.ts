import type { KeptResponse } from '../lean/kept-response.ts'

/** The kept parts of one response, decoded when they are first used. */
export interface ResponseParts {
  readonly kept: KeptResponse
  /** Decoded body, and its JSON value, of the current response. */
  text: string | undefined
  json: { readonly value: unknown } | undefined
}

/** Parts in which nothing is kept yet. */
export function responseParts(): ResponseParts {
  return {
    kept: { wantsHead: false, wantsBody: false, head: undefined, body: [], bodyBytes: 0 },
    text: undefined,
    json: undefined,
  }
}

/** Empties the parts for the next response. */
export function clearParts(parts: ResponseParts): void {
  parts.kept.head = undefined
  if (parts.kept.body.length > 0) parts.kept.body.length = 0
  parts.kept.bodyBytes = 0
  parts.text = undefined
  parts.json = undefined
}

/** The body as text (UTF-8). */
export function bodyText(parts: ResponseParts): string {
  if (parts.text === undefined) {
    const [first, ...others] = parts.kept.body
    parts.text =
      first === undefined
        ? ''
        : (others.length === 0 ? first : Buffer.concat(parts.kept.body)).toString('utf8')
  }
  return parts.text
}

/** The value at a JSON pointer (RFC 6901) of the body; undefined where there is none. */
export function jsonAt(parts: ResponseParts, pointer: readonly string[]): unknown {
  parts.json ??= { value: parsed(bodyText(parts)) }
  let { value } = parts.json
  for (const key of pointer) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    value = (value as Record<string, unknown>)[key]
  }
  return value
}

/** The keys of a JSON pointer. */
export function pointerKeys(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
}

/** A JSON value as text: a string as it is, anything else as JSON. */
export function jsonText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
