import { duration } from '../../kit/duration.ts'

/** The part of a response that a check looks at. `time`: seconds of the step. */
type CheckSubject =
  | { readonly kind: 'status' | 'time' | 'body' }
  | { readonly kind: 'header'; readonly name: string }
  | { readonly kind: 'json'; readonly pointer: string }

/** Comparisons of numbers. */
type NumberTest = '<' | '<=' | '>' | '>='

/** How it is tested. Patterns are the source of a regular expression. */
export type CheckTest =
  | { readonly kind: 'is' | 'is not' | 'contains' | 'matches'; readonly value: string }
  | { readonly kind: 'exists' }
  | { readonly kind: NumberTest; readonly value: number }

/** A check of a response: `status is 200`, `time < 100ms`. */
export interface Check {
  /** As written: the name by which it is counted. */
  readonly text: string
  readonly subject: CheckSubject
  readonly test: CheckTest
}

/** What a check may look like; for messages and the reference. */
export const checkRemedy =
  'give a check such as "status is 200", "time < 100ms", "header x-token exists", \'body contains "text"\', "body matches /pattern/" or "json /items/0/id is 7"'

/** A check as written; undefined where it is none. A status may be a class: `2xx`. */
export function checkOf(value: unknown): Check | undefined {
  if (typeof value !== 'string') return undefined
  const text = value.trim()
  const read = subjectOf(text)
  const test = read && testOf(read.rest, read.subject)
  return read && test && isSensible(read.subject, test)
    ? { text, subject: read.subject, test }
    : undefined
}

function subjectOf(text: string): { subject: CheckSubject; rest: string } | undefined {
  const [, word = '', rest = ''] = /^(status|time|body|header|json)\s+(.+)$/s.exec(text) ?? []
  switch (word) {
    case 'status':
    case 'time':
    case 'body':
      return { subject: { kind: word }, rest }
    case 'header': {
      const [, name, more = ''] = /^([\w!#$%&'*+.^`|~-]+)\s+(.+)$/s.exec(rest) ?? []
      return name === undefined
        ? undefined
        : { subject: { kind: 'header', name: name.toLowerCase() }, rest: more }
    }
    case 'json': {
      // The whole document is the empty pointer (RFC 6901, 5).
      const [, pointer, more = ''] = /^(\/\S*|"")\s+(.+)$/s.exec(rest) ?? []
      return pointer === undefined
        ? undefined
        : {
            subject: { kind: 'json', pointer: pointer === '""' ? '' : pointer },
            rest: more,
          }
    }
    default:
      return undefined
  }
}

function testOf(text: string, subject: CheckSubject): CheckTest | undefined {
  if (text === 'exists') return { kind: 'exists' }
  const [, sign, number = ''] = /^(<=|>=|<|>)\s*(.+)$/.exec(text) ?? []
  if (sign !== undefined) {
    const value = subject.kind === 'time' ? duration(number) : numberOf(number)
    return value === undefined ? undefined : { kind: sign as NumberTest, value }
  }
  const [, kind, rest = ''] = /^(is not|is|contains|matches)\s+(.+)$/s.exec(text) ?? []
  if (kind === undefined) return undefined
  const value = kind === 'matches' ? patternOf(rest) : unquoted(rest)
  return value === undefined || value === ''
    ? undefined
    : { kind: kind as 'is' | 'is not' | 'contains' | 'matches', value }
}

/** Whether the test can be made of the subject: a time is only compared, a status is a number or a class. */
function isSensible(subject: CheckSubject, test: CheckTest): boolean {
  const compares =
    test.kind === '<' || test.kind === '<=' || test.kind === '>' || test.kind === '>='
  switch (subject.kind) {
    case 'time':
      return compares
    case 'status':
      return (
        compares ||
        ((test.kind === 'is' || test.kind === 'is not') && /^[1-5](?:\d\d|xx)$/.test(test.value))
      )
    case 'body':
      return !compares && test.kind !== 'exists'
    default:
      return true
  }
}

function numberOf(text: string): number | undefined {
  return /^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : undefined
}

/** The source of `/pattern/`; undefined where it is no regular expression. */
export function patternOf(text: string): string | undefined {
  const [, source] = /^\/(.+)\/$/s.exec(text) ?? []
  if (source === undefined) return undefined
  try {
    return new RegExp(source).source
  } catch {
    return undefined
  }
}

/** `"a b"` without its quotes; any other text as it is. */
function unquoted(text: string): string {
  const [, , inside] = /^(["'])(.*)\1$/s.exec(text) ?? []
  return inside ?? text
}
