import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { type BackendScript, backendScript, caseOfTarget } from './backend-script.ts'
import { firstValue, literalBlock } from './blocks.ts'
import { fieldFaults } from './field-faults.ts'
import {
  type FuzzFrame,
  flag,
  frameBytes,
  frameOf,
  framesIn,
  kind,
  preface,
  settingsFrame,
} from './frames.ts'
import { partReader } from './message-parts.ts'

/** A backend in HTTP/2 whose responses are scripted. */
export interface LyingBackend extends AsyncDisposable {
  readonly port: number
  /** Violations of the protocol by the balancer, as a client. */
  readonly faults: string[]
  /** Requests that were read since the last call. */
  takeRequests(): number
  /** The seed of the scripts. */
  seed: number
}

/** Milliseconds after which a connection closes later. */
const laterMs = 300

/** Starts a backend. */
export async function lyingBackend(): Promise<LyingBackend> {
  const sockets = new Set<Socket>()
  const faults: string[] = []
  let requests = 0
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => undefined)
    socket.write(frameBytes(settingsFrame([])))
    serve(socket, faults, (stream, target) => {
      requests++
      const number = caseOfTarget(target)
      if (number === undefined) respondToProbe(socket, stream)
      else play(socket, backendScript(backend.seed, number, stream))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const backend: LyingBackend = {
    port: (server.address() as AddressInfo).port,
    faults,
    takeRequests() {
      const taken = requests
      requests = 0
      return taken
    },
    seed: 0,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
  return backend
}

/** Reads the frames of the balancer, and acknowledges its SETTINGS. */
function serve(
  socket: Socket,
  faults: string[],
  onRequest: (stream: number, target: string) => void,
): void {
  const read = partReader()
  const opened = new Set<number>()
  let rest: Buffer = Buffer.alloc(0)
  let prefaceLeft = preface.length
  function take(frame: FuzzFrame): void {
    const { kind: type, flags } = frame
    if (type === kind.settings && (flags & flag.ack) === 0) {
      socket.write(frameBytes(frameOf(kind.settings, flag.ack, 0)))
    }
    const part = read(frame)
    if (part?.type === 'broken') faults.push(part.reason)
    if (part?.type !== 'head' || opened.has(part.stream)) return
    opened.add(part.stream)
    faults.push(...fieldFaults(part.fields))
    onRequest(part.stream, firstValue(part.fields, ':path') ?? '')
  }
  socket.on('data', (bytes: Buffer) => {
    rest = Buffer.concat([rest, bytes])
    if (rest.length < prefaceLeft) return
    const { frames, end } = framesIn(rest, prefaceLeft)
    prefaceLeft = 0
    rest = rest.subarray(end)
    frames.forEach(take)
  })
}

function respondToProbe(socket: Socket, stream: number): void {
  const head = literalBlock([[':status', '200']])
  socket.write(frameBytes(frameOf(kind.headers, flag.endHeaders | flag.endStream, stream, head)))
}

function play(socket: Socket, { frames, ending }: BackendScript): void {
  if (!socket.writable) return
  const bytes = Buffer.concat(frames.map(frameBytes))
  if (ending === 'closes') socket.end(bytes)
  else socket.write(bytes)
  if (ending === 'closes later') setTimeout(() => socket.destroy(), laterMs)
}
