import { ProcessError, UsageError } from '../../kit/errors.ts'
import { readBytes } from '../../kit/read-bytes.ts'
import { decodePprof } from '../pprof.ts'
import type { Profile } from '../profile.ts'

/** Where a process serves profiles of itself, as Go programs do: below `/debug/pprof`. */
export interface ProfileServer {
  /** Address of its admin port. */
  readonly url: URL
  /** Sent as bearer token. */
  readonly token?: string | undefined
  /** `json`: the profile as lb has it, which the reference balancer sends. `pprof`: in the format of pprof. */
  readonly format: 'json' | 'pprof'
}

/** Which profile, and for how long. */
export interface ProfileRequest {
  readonly kind: 'cpu' | 'heap'
  readonly seconds: number
  readonly signal: AbortSignal
}

/** Seconds that a server may take beyond the profile itself. */
const patience = 15

/** The last part of the path of each kind, and Go's name of the value: of the heap, all bytes that were allocated in these seconds. */
const sources = {
  cpu: { path: 'profile', value: 'cpu' },
  heap: { path: 'allocs', value: 'alloc_space' },
} as const

/** Bytes of a profile. */
const maxBytes = 256 * 2 ** 20

/**
 * Has a process take a profile of itself, and reads it.
 *
 * @throws {ProcessError} it does not respond, or refuses
 * @throws the signal's reason, once it aborts
 */
export async function fetchProfile(
  server: ProfileServer,
  { kind, seconds, signal }: ProfileRequest,
): Promise<Profile> {
  // Go takes whole seconds only.
  const length = server.format === 'pprof' ? Math.max(1, Math.floor(seconds)) : seconds
  const { path, value } = sources[kind]
  const url = new URL(`debug/pprof/${path}`, folderOf(server))
  url.searchParams.set('seconds', String(length))
  if (server.format === 'json') url.searchParams.set('format', 'json')
  const limit = AbortSignal.timeout(1000 * (length + patience))
  try {
    const response = await get(url, server, AbortSignal.any([signal, limit]))
    const { bytes: body, isCut } = await readBytes(response.body ?? [], maxBytes)
    if (!response.ok) throw refused(url, response.status, body)
    if (isCut) throw new Error(`it is larger than ${maxBytes} bytes`)
    if (server.format === 'json') return JSON.parse(new TextDecoder().decode(body)) as Profile
    const profile = decodePprof(body, value)
    // A server that does not know `seconds` of this path responds with all since its start.
    if (profile.seconds > 0) return profile
    throw new Error(
      'it has no duration: Go reports what is allocated in some seconds since Go 1.15',
    )
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof ProcessError) throw error
    throw new ProcessError(
      `cannot take a profile from ${shown(url)}: ${why(error)}`,
      'see the log of the process',
    )
  }
}

/**
 * Checks that a process serves profiles, without taking one.
 *
 * @throws {UsageError} nothing responds there, or it serves none
 */
export async function checkProfileServer(
  server: ProfileServer,
  signal: AbortSignal,
): Promise<void> {
  const url = new URL('debug/pprof/', folderOf(server))
  const hint = 'give the address of its admin port, such as --pprof http://127.0.0.1:9090'
  const response = await get(
    url,
    server,
    AbortSignal.any([signal, AbortSignal.timeout(5000)]),
  ).catch((error) => {
    signal.throwIfAborted()
    throw new UsageError(`nothing serves profiles at ${shown(server.url)} (${why(error)})`, hint)
  })
  await response.body?.cancel()
  if (response.ok) return
  const remedy =
    response.status === 401 || response.status === 403
      ? 'give its admin token in LB_ADMIN_TOKEN'
      : 'a Go program serves them with net/http/pprof, lb serve with --profiling'
  throw new UsageError(`${shown(url)} responds with ${response.status}`, remedy)
}

function get(url: URL, { token }: ProfileServer, signal: AbortSignal): Promise<Response> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
  return fetch(url, { signal, headers, redirect: 'error' })
}

function refused(url: URL, status: number, body: Uint8Array): ProcessError {
  const [line = ''] = new TextDecoder().decode(body.subarray(0, 300)).split('\n')
  return new ProcessError(`${shown(url)} responds with ${status}`, line)
}

/** An address as a folder, so that paths are added to it. */
function folderOf({ url }: ProfileServer): URL {
  const folder = new URL(url)
  if (!folder.pathname.endsWith('/')) folder.pathname += '/'
  return folder
}

/** An address without user and password. */
function shown({ origin, pathname }: URL): string {
  return `${origin}${pathname === '/' ? '' : pathname}`
}

/** The reason of a failed fetch is in its cause. */
function why(error: unknown): string {
  const { message, cause } = error as Error & { cause?: { code?: string } }
  return cause?.code ?? message
}
