import { connect } from 'node:net'
import type { Endpoint, Endpoints } from './endpoints.ts'

/** Milliseconds within which an address accepts a connection. */
const acceptMs = 2000

/** The endpoints to use, and the error code of each that is left out, by its name. */
interface UsableEndpoints {
  readonly usable: Endpoints
  readonly unreachable: Readonly<Record<string, string>>
}

/**
 * Leaves out addresses that accept no connection now, as clients that try the next address do (RFC 8305); none where all
 * would be left out. A single one is not tried.
 */
export async function usableEndpoints(endpoints: Endpoints): Promise<UsableEndpoints> {
  if (endpoints.length === 1) return { usable: endpoints, unreachable: {} }
  const errors = await Promise.all(endpoints.map(connectError))
  const [first, ...others] = endpoints.filter((_, i) => errors[i] === undefined)
  if (first === undefined) return { usable: endpoints, unreachable: {} }
  const unreachable = endpoints.flatMap(({ name }, i) => {
    const error = errors[i]
    return error === undefined ? [] : [[name, error] as const]
  })
  return { usable: [first, ...others], unreachable: Object.fromEntries(unreachable) }
}

/** The error of a connect; undefined where it succeeds. */
function connectError({ to }: Endpoint): Promise<string | undefined> {
  const { promise, resolve } = Promise.withResolvers<string | undefined>()
  const socket = connect(to)
  const timer = setTimeout(resolve, acceptMs, 'ETIMEDOUT')
  socket.once('connect', () => resolve(undefined))
  socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
  return promise.finally(() => {
    clearTimeout(timer)
    socket.destroy()
  })
}
