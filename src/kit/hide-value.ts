import { isSecretName } from './secret-names.ts'
import { hiddenMark, hideDeclared } from './secrets.ts'

/** A value with its secrets hidden, and the secrets. */
export interface HiddenValue<Value> {
  readonly value: Value
  readonly secrets: readonly string[]
}

/**
 * Hides the secrets of a value: what fields with the name of a secret hold, and what its texts declare. A text that is
 * a JSON object is hidden as such. `isSecret`: the value itself is a secret.
 */
export function hideValue<Value>(value: Value, isSecret = false): HiddenValue<Value> {
  const secrets: string[] = []
  return { value: hidden(value, isSecret, secrets) as Value, secrets }
}

function hidden(value: unknown, isSecret: boolean, secrets: string[]): unknown {
  if (typeof value === 'string' || (typeof value === 'number' && isSecret)) {
    return hiddenText(String(value), isSecret, secrets)
  }
  if (Array.isArray(value)) return value.map((one) => hidden(one, isSecret, secrets))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [
      name,
      hidden(one, isSecret || isSecretName(name), secrets),
    ]),
  )
}

function hiddenText(text: string, isSecret: boolean, secrets: string[]): string {
  if (isSecret) {
    if (text === '' || text === hiddenMark) return text
    secrets.push(text)
    return hiddenMark
  }
  const fields = jsonObject(text)
  if (fields !== undefined) {
    const before = secrets.length
    const value = hidden(fields, false, secrets)
    return secrets.length === before ? text : JSON.stringify(value)
  }
  const found = hideDeclared(text)
  secrets.push(...found.secrets)
  return found.text
}

function jsonObject(text: string): object | undefined {
  if (!/^\s*\{[\s\S]*\}\s*$/.test(text)) return undefined
  try {
    return JSON.parse(text)
  } catch {
    // A command or a template may begin with a placeholder.
    return undefined
  }
}
