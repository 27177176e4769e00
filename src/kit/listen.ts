import { once } from 'node:events'
import type { Server } from 'node:net'
import { UsageError } from './errors.ts'

/** Where a server listens. */
export interface ListenOptions {
  readonly host: string
  /** 0: the kernel chooses. */
  readonly port: number
  /** Connections that the kernel queues until they are accepted. Default: Node's 511. */
  readonly backlog?: number
  /** Whether other processes may listen on the same port. */
  readonly reusePort?: boolean
}

/** A function that starts a server listening: `listen`, or one that keeps its socket. */
export type Listen = typeof listen

/**
 * Starts listening, and resolves once `server` does.
 *
 * @param name what error messages call the server: `the admin port`
 * @throws UsageError when the address cannot be listened on
 */
export async function listen(server: Server, options: ListenOptions, name: string): Promise<void> {
  server.listen(options)
  try {
    await once(server, 'listening')
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const reason = code === 'EADDRINUSE' ? 'the port is in use' : message
    throw new UsageError(
      `${name} cannot listen on ${options.host}:${options.port}: ${reason}`,
      'choose another port, or 0 for any free port',
    )
  }
}
