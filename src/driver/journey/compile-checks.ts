import type { Capture } from '../../plan/load/capture.ts'
import type { Check, CheckTest } from '../../plan/load/check.ts'
import { fieldValues } from './cookies.ts'
import { bodyText, jsonAt, jsonText, pointerKeys, type ResponseParts } from './response-parts.ts'

/** Whether a response passes a check. `seconds`: time of the step. */
type RunCheck = (status: number, seconds: number, parts: ResponseParts) => boolean

/** A check that can be made at the cost of a comparison. */
export interface CompiledCheck {
  readonly text: string
  readonly passes: RunCheck
  /** Whether it decides on the status: a status of 400 or more that it accepts is no failure. */
  readonly isOfStatus: boolean
  readonly wantsHead: boolean
  readonly wantsBody: boolean
}

/** Compiles a check. */
export function compileCheck({ text, subject, test }: Check): CompiledCheck {
  const { kind } = subject
  return {
    text,
    passes: runner(subject, test),
    isOfStatus: kind === 'status',
    wantsHead: kind === 'header',
    wantsBody: kind === 'body' || kind === 'json',
  }
}

function runner(subject: Check['subject'], test: CheckTest): RunCheck {
  switch (subject.kind) {
    case 'status':
      return ofStatus(test)
    case 'time': {
      const compare = numberTest(test)
      return (_, seconds) => compare(seconds)
    }
    case 'body': {
      const passes = textTest(test)
      return (_status, _seconds, parts) => passes(bodyText(parts))
    }
    case 'header': {
      const { name } = subject
      const passes = textTest(test)
      return (_status, _seconds, parts) =>
        passes(fieldValues(parts.kept.head ?? '', name).join(', ') || undefined)
    }
    case 'json': {
      const keys = pointerKeys(subject.pointer)
      const passes = textTest(test)
      return (_status, _seconds, parts) => {
        const value = jsonAt(parts, keys)
        return passes(value === undefined ? undefined : jsonText(value))
      }
    }
  }
}

function ofStatus(test: CheckTest): RunCheck {
  if (test.kind !== 'is' && test.kind !== 'is not') {
    const compare = numberTest(test)
    return (status) => compare(status)
  }
  const wanted = test.kind === 'is'
  const digits = Number.parseInt(test.value, 10)
  return test.value.endsWith('xx')
    ? (status) => (Math.floor(status / 100) === digits) === wanted
    : (status) => (status === digits) === wanted
}

function numberTest(test: CheckTest): (value: number) => boolean {
  const limit = Number('value' in test ? test.value : Number.NaN)
  switch (test.kind) {
    case '<':
      return (value) => value < limit
    case '<=':
      return (value) => value <= limit
    case '>':
      return (value) => value > limit
    default:
      return (value) => value >= limit
  }
}

/** Undefined stands for a value that the response does not have: only `is not` passes. */
function textTest(test: CheckTest): (value: string | undefined) => boolean {
  switch (test.kind) {
    case 'exists':
      return (value) => value !== undefined
    case 'is':
      return (value) => value === test.value
    case 'is not':
      return (value) => value !== test.value
    case 'contains':
      return (value) => value?.includes(test.value) ?? false
    case 'matches': {
      const pattern = new RegExp(test.value)
      return (value) => value !== undefined && pattern.test(value)
    }
    default: {
      const compare = numberTest(test)
      return (value) => value !== undefined && value !== '' && compare(Number(value))
    }
  }
}

/** A capture that can be taken from a response. */
export interface CompiledCapture {
  /** The name by which it is counted where it does not fit. */
  readonly text: string
  /** Index of its value in a visit. */
  readonly slot: number
  /** The value; undefined where the response has none. `cookie`: the visit's cookie of that name. */
  take(parts: ResponseParts, cookie: (name: string) => string | undefined): string | undefined
  readonly wantsHead: boolean
  readonly wantsBody: boolean
}

/** Compiles a capture into this slot of a visit. */
export function compileCapture(name: string, capture: Capture, slot: number): CompiledCapture {
  return {
    text: `capture ${name}`,
    slot,
    take: taker(capture),
    wantsHead: capture.kind === 'header',
    wantsBody: capture.kind === 'json' || capture.kind === 'regex',
  }
}

function taker(capture: Capture): CompiledCapture['take'] {
  switch (capture.kind) {
    case 'json': {
      const keys = pointerKeys(capture.pointer)
      return (parts) => {
        const value = jsonAt(parts, keys)
        return value === undefined || value === null ? undefined : jsonText(value)
      }
    }
    case 'header':
      return (parts) => fieldValues(parts.kept.head ?? '', capture.name)[0]
    case 'cookie':
      return (_, cookie) => cookie(capture.name)
    case 'regex': {
      const pattern = new RegExp(capture.pattern)
      return (parts) => pattern.exec(bodyText(parts))?.[1]
    }
  }
}
