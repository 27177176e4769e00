import type { SendHandle } from 'node:child_process'
import { once } from 'node:events'
import type { Server } from 'node:net'
import { exitCodes } from '../../kit/exit-codes.ts'
import { type ListenOptions, listen } from '../../kit/listen.ts'
import {
  listenOn,
  listenUnix,
  type OwnedSocket,
  type SocketFile,
  socketFile,
  type UnixListenOptions,
} from '../../kit/listen-unix.ts'
import {
  type ChildMessage,
  type ParentMessage,
  restartsVariable,
  type SocketHandle,
} from './parent-messages.ts'
import type { Signals } from './signals.ts'

/** The parent that restarts this process: src/balancer/process/supervise.ts. */
export interface ParentLink extends Disposable {
  /** Processes that were restarted before this one. */
  readonly restarts: number
  /**
   * Starts listening on the socket that the parent holds for this server, or on a new one that it holds from now on.
   *
   * @throws UsageError when the address cannot be listened on
   */
  listen(server: Server, options: ListenOptions, name: string): Promise<void>
  /** The same on a unix socket. */
  listenUnix(server: Server, options: UnixListenOptions, name: string): Promise<SocketFile>
  /** The balancer accepts connections. */
  ready(): void
  /**
   * The balancer will accept no more connections: the parent closes its sockets. Resolves once it has, since those of this
   * process must be the last ones: connections that come between would wait for nobody, and be reset.
   */
  release(): Promise<void>
}

/** Milliseconds that this process has to stop once the parent has ended. */
const orphanMs = 3000

let link: ParentLink | undefined

/**
 * The link to the parent; undefined for a process without one. Further calls return the same link. When the parent
 * ends, in whatever way, the balancer is cut and this process ends.
 */
export function parentLink(signals: Signals): ParentLink | undefined {
  const restarts = process.env[restartsVariable]
  if (restarts === undefined) return link
  // Programs that this one starts must not take it for their own.
  delete process.env[restartsVariable]
  if (!process.connected) process.exit(exitCodes.error)
  link = connectLink(Number(restarts), signals)
  return link
}

function connectLink(restarts: number, signals: Signals): ParentLink {
  const orphaned = () => {
    signals.cutNow()
    setTimeout(() => process.exit(exitCodes.error), orphanMs).unref()
  }
  process.once('disconnect', orphaned)
  // The link alone keeps no process alive.
  process.channel?.unref()
  tell({ catching: true })
  return {
    restarts,
    async listen(server, options, name) {
      const socket = `${name} ${options.host} ${options.port}`
      const held = await take(socket)
      if (held === undefined) {
        await listen(server, options, name)
        tell({ hold: socket }, handleOf(server))
      } else {
        server.listen(held, options.backlog)
        await once(server, 'listening')
      }
    },
    async listenUnix(server, options, name) {
      const socket = `${name} unix:${options.path}`
      const held = await take(socket)
      if (held === undefined) {
        const file = await listenUnix(server, options, name)
        tell({ hold: socket }, handleOf(server))
        return file
      }
      await listenOn(server, held as OwnedSocket & SocketHandle, options.backlog)
      return socketFile(options.path)
    },
    ready: () => tell({ ready: true }),
    release,
    [Symbol.dispose]() {
      process.off('disconnect', orphaned)
      if (process.connected) process.disconnect?.()
    },
  }
}

function tell(message: ChildMessage, handle?: SocketHandle): void {
  // Sending fails where the parent has just ended, which `disconnect` reports.
  const failed = () => undefined
  if (process.connected && process.send !== undefined)
    process.send(message, handle as SendHandle, {}, failed)
}

/** Milliseconds that the parent has to close its sockets, before the balancer goes on without it. */
const releaseMs = 1000

function release(): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      process.off('message', receive)
      process.off('disconnect', done)
      resolve()
    }
    const receive = (message: unknown) => {
      if ('released' in (message as ParentMessage)) done()
    }
    const timer = setTimeout(done, releaseMs)
    process.on('message', receive)
    process.on('disconnect', done)
    if (process.connected) tell({ release: true })
    else done()
  })
}

/** Asks the parent for a listening socket. */
function take(socket: string): Promise<SocketHandle | undefined> {
  return new Promise((resolve) => {
    const receive = (message: unknown, handle: unknown) => {
      const reply = message as ParentMessage
      if (!('socket' in reply) || reply.socket !== socket) return
      process.off('message', receive)
      resolve(handle as SocketHandle | undefined)
    }
    process.on('message', receive)
    tell({ take: socket })
  })
}

/** Node passes servers between processes only for both to accept. The parent must not, so it gets the bare socket. */
function handleOf(server: Server): SocketHandle {
  return (server as Server & { readonly _handle: SocketHandle })._handle
}
