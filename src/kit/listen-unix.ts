import { once } from 'node:events'
import { chmodSync, lstatSync, renameSync, rmSync, type Stats } from 'node:fs'
import { BoundSocket, connect, type Server, Socket } from 'node:net'
import { dirname, join } from 'node:path'
import { UsageError } from './errors.ts'

/** Where a server listens: a unix socket. */
export interface UnixListenOptions {
  readonly path: string
  /** Permissions of its file, such as 0o660. */
  readonly mode: number
  /** Connections that the kernel queues until they are accepted. */
  readonly backlog: number
}

/** The file of a unix socket that a server listens on. */
export interface SocketFile {
  /** Removes it, unless another one is in its place. */
  remove(): void
}

/** A listening socket that was passed to this process: one of Node's handles, which owns its descriptor. */
export interface OwnedSocket {
  readonly fd: number
}

/** A handle of Node for TCP, which is internal. */
interface TcpHandle {
  open(fd: number): number
}

const serverType = 1

/**
 * Starts listening on a unix socket. A file that another process has left there is replaced; it gets its name with its
 * permissions, at once.
 *
 * The connections of `server` can be passed to worker threads, which Node does for TCP only: the handle that accepts
 * is one for TCP, on the descriptor of the unix socket (docs/decisions/0015-unix-listener.md).
 *
 * @param name what error messages call the server
 * @throws UsageError when somebody listens there, another file is there, or the socket cannot be made
 */
export async function listenUnix(
  server: Server,
  { path, mode, backlog }: UnixListenOptions,
  name: string,
): Promise<SocketFile> {
  const refuse = (reason: string) =>
    new UsageError(`${name} cannot listen on unix:${path}: ${reason}`, 'choose another path')
  const reason = await whyTaken(path)
  if (reason !== undefined) throw refuse(reason)
  // Short, since its length is limited. Node removes it when the process ends, which must not be the one that clients use.
  const first = join(dirname(path), `.lb-${process.pid}`)
  try {
    rmSync(first, { force: true })
    // Its type does not have the option yet.
    const bound = new BoundSocket({ path: first } as object)
    await listenOn(server, { fd: bound.fd() }, backlog)
    chmodSync(first, mode)
    renameSync(first, path)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    server.close()
    rmSync(first, { force: true })
    const missing = code === 'EACCES' || code === 'ENOENT'
    throw refuse(missing ? 'its folder is missing or cannot be written' : message)
  }
  return socketFile(path)
}

/**
 * Starts listening on a unix socket that is listened on already.
 *
 * @param socket stays the owner of the descriptor: it must not be closed before the process ends
 */
export async function listenOn(
  server: Server,
  { fd }: OwnedSocket,
  backlog: number,
): Promise<void> {
  const probe = new Socket({ handle: new BoundSocket({ host: '127.0.0.1' }) })
  const { _handle: tcp } = probe as unknown as { readonly _handle: object }
  const Tcp = tcp.constructor as new (type: number) => TcpHandle
  probe.destroy()
  const handle = new Tcp(serverType)
  const errno = handle.open(fd)
  if (errno !== 0) throw new Error(`the descriptor cannot be used (error ${-errno})`)
  server.listen(handle, backlog)
  await once(server, 'listening')
}

/** The file at `path`, which a server of this process listens on. */
export function socketFile(path: string): SocketFile {
  const own = statOf(path)
  return {
    remove() {
      const now = statOf(path)
      if (own !== undefined && now?.ino === own.ino && now.dev === own.dev) {
        rmSync(path, { force: true })
      }
    },
  }
}

/** Why no socket can be made at `path`; undefined where there is nothing, or a socket that nobody listens on. */
async function whyTaken(path: string): Promise<string | undefined> {
  const stats = statOf(path)
  if (stats === undefined) return undefined
  if (!stats.isSocket()) return 'the file there is no socket'
  const socket = connect(path)
  try {
    await once(socket, 'connect')
    return 'another process listens there'
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return code === 'ECONNREFUSED' ? undefined : `the socket there cannot be tried (${code})`
  } finally {
    socket.destroy()
  }
}

function statOf(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false })
}
