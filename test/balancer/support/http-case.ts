/** One raw request, and what must come of it: the format of test/cases/http/requests.json. */
export interface HttpCase {
  readonly name: string
  /** Latin-1 bytes to send. */
  readonly raw: string
  /** Alternatives, separated by `|`. */
  readonly expect: string
  readonly why: string
  /** Byte by byte. */
  readonly dribble?: boolean
  /** FIN after sending. */
  readonly half_close?: boolean
  /** Sent once a 100 came. */
  readonly then?: string
  /** How the backend responds: `204`, `304`, `upgrade`; 200 otherwise. */
  readonly backend?: string
  readonly not_status?: readonly number[]
  readonly forbid_targets?: readonly string[]
  readonly allow_hang?: boolean
  readonly assert_backend?: {
    readonly target?: string
    readonly body?: string
    readonly header?: Readonly<Record<string, string>>
    readonly header_in?: Readonly<Record<string, readonly string[]>>
    readonly header_re?: Readonly<Record<string, string>>
    readonly header_not?: Readonly<Record<string, string>>
    readonly header_absent?: readonly string[]
    readonly header_present?: readonly string[]
  }
  readonly assert_client?: {
    readonly body_len?: number
    readonly header_absent?: readonly string[]
  }
}

/** One response as the client read it. */
export interface ReceivedResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** A request that reached the backend in full. */
export interface Reached {
  readonly target: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

/** What came of a case. */
export interface Outcome {
  readonly responses: readonly ReceivedResponse[]
  /** Statuses of 1xx responses. */
  readonly interim: readonly number[]
  readonly closed: boolean
  readonly reached: readonly Reached[]
}

/** Everything that is wrong with the outcome of a case; nothing where it is as it must be. */
export function faultsOf(one: HttpCase, outcome: Outcome): string[] {
  const { responses, interim, reached } = outcome
  const met = one.expect.split('|').filter((alternative) => meets(alternative, outcome))
  const faults = met.length > 0 ? [] : [`${one.expect} was expected`]
  for (const { status } of [...responses, ...interim.map((status) => ({ status }))]) {
    if (one.not_status?.includes(status)) faults.push(`${status} must not come`)
  }
  for (const { target } of reached) {
    if (one.forbid_targets?.includes(target)) faults.push(`${target} was smuggled`)
  }
  if (!one.allow_hang && responses.length === 0 && !outcome.closed) faults.push('it hangs')
  const first = reached[0]
  if (first !== undefined) faults.push(...backendFaults(one, first))
  const [response] = responses
  if (response !== undefined) faults.push(...clientFaults(one, response))
  return faults
}

function meets(alternative: string, { responses, closed, reached }: Outcome): boolean {
  const status = responses[0]?.status
  if (/^\d+$/.test(alternative)) return status === Number(alternative)
  switch (alternative) {
    case 'accept':
      return status !== undefined && status < 400
    case 'reject':
      return (
        reached.length === 0 &&
        (status === undefined ? closed : status >= 400 && status !== 500 && status !== 502)
      )
    case 'one-request-only':
      return reached.length <= 1
    case 'two-requests':
      return (
        reached.length === 2 && responses.length === 2 && responses.every((one) => one.status < 400)
      )
    default:
      throw new Error(`no such expectation: ${alternative}`)
  }
}

function backendFaults({ assert_backend: asked }: HttpCase, { target, headers, body }: Reached) {
  const faults: string[] = []
  const value = (name: string) => String(headers[name] ?? '')
  const check = (fine: boolean, what: string) => {
    if (!fine) faults.push(`the backend got ${what}`)
  }
  if (asked?.target !== undefined) check(target === asked.target, `the target ${target}`)
  if (asked?.body !== undefined) check(body === asked.body, `the body ${body}`)
  for (const name of asked?.header_absent ?? []) check(!(name in headers), name)
  for (const name of asked?.header_present ?? []) check(name in headers, `no ${name}`)
  const rules = [
    [asked?.header, (is: string, must: string) => is === must],
    [asked?.header_re, (is: string, must: string) => new RegExp(must).test(is)],
    [asked?.header_not, (is: string, not: string) => is !== not],
    [asked?.header_in, (is: string, of: readonly string[]) => is === '' || of.includes(is)],
  ] as const
  for (const [fields, holds] of rules) {
    for (const [name, must] of Object.entries(fields ?? {})) {
      check(holds(value(name), must as never), `${name}: ${value(name)}`)
    }
  }
  return faults
}

function clientFaults(
  { assert_client: asked }: HttpCase,
  { headers, body }: ReceivedResponse,
): string[] {
  const faults = (asked?.header_absent ?? [])
    .filter((name) => name in headers)
    .map((name) => `the client got ${name}`)
  const length = asked?.body_len
  if (length !== undefined && body.length !== length) faults.push(`the body is ${body.length} long`)
  return faults
}
