import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { UsageError } from '../kit/errors.ts'
import { hostOf, portOf, type TargetUrl } from '../plan/target-url.ts'
import { resolveRule } from './resolve-rule.ts'

/** Where a connection goes. */
export interface Endpoint {
  /** For display and counts: `127.0.0.1:8080`, `[::1]:8080`, `unix:/run/app.sock`. */
  readonly name: string
  readonly to: { readonly host: string; readonly port: number } | { readonly path: string }
}

/** All endpoints of a server, in the order in which they are used. */
export type Endpoints = readonly [Endpoint, ...Endpoint[]]

/** All addresses of a name. */
type Find = (name: string) => Promise<readonly { readonly address: string }[]>

const findAll: Find = (name) => lookup(name, { all: true, order: 'verbatim' })

/**
 * The endpoints of a server: its unix socket, its IP address, or all addresses of its name, IPv4 and IPv6, each once.
 * `rules` are those of `--resolve`.
 *
 * @throws {UsageError} its name has no address, or a rule is none
 */
export async function endpointsOf(
  { url, socketPath }: TargetUrl,
  rules: readonly string[] = [],
  find: Find = findAll,
): Promise<Endpoints> {
  if (socketPath !== undefined) return [{ name: `unix:${socketPath}`, to: { path: socketPath } }]
  const [host, port] = [hostOf(url), portOf(url)]
  const rule = rules
    .map(resolveRule)
    .find((one) => one.port === port && (one.host === '*' || one.host === host))
  const addresses = rule?.addresses ?? (isIP(host) > 0 ? [host] : await resolved(host, find))
  const [first, ...others] = [...new Set(addresses)].map((one): Endpoint => {
    const shown = isIP(one) === 6 ? `[${one}]` : one
    return { name: `${shown}:${port}`, to: { host: one, port } }
  })
  if (first === undefined) throw unresolved(host, 'no address')
  return [first, ...others]
}

async function resolved(host: string, find: Find): Promise<string[]> {
  try {
    return (await find(host)).map(({ address }) => address)
  } catch (cause) {
    throw unresolved(host, (cause as NodeJS.ErrnoException).code ?? 'error', cause)
  }
}

function unresolved(host: string, why: string, cause?: unknown): UsageError {
  return new UsageError(
    `--url: the name ${host} does not resolve (${why})`,
    'correct it, or give its address with --resolve HOST:PORT:ADDRESS',
    { cause },
  )
}
