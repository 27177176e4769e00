import { type AddressInfo, connect, Server, Socket } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { isMainThread } from 'node:worker_threads'

/*
 * Preloaded into every process of lb, to plant a cause of slow requests twice a second: LB_PLANT names the role and the kind,
 * such as `target-gc` or `backends-burst`. A balancer works in its workers, whose program is their own file; a driver and the
 * backends in their main thread.
 */
const [role = '', kind = ''] = (process.env.LB_PLANT ?? '').split('-')
const programs: Readonly<Record<string, RegExp>> = {
  target: /balancer\/worker/,
  driver: /driver\/main/,
  backends: /backend\/main/,
}
const [everyMs, slowMs, liveObjects] = [500, 40, 600_000]

function plantCollections(): void {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  // What is alive is what a full collection takes time for.
  const live = Array.from({ length: liveObjects }, (_, i) => ({ i, next: { i } }))
  setInterval(() => {
    if (live.length > 0) collect()
  }, everyMs).unref()
}

function plantDelays(): void {
  setInterval(() => {
    const until = performance.now() + slowMs
    while (performance.now() < until);
  }, everyMs).unref()
}

/** All connections that the program has opened break, and for a while new ones open late. */
function plantConnects(): void {
  const open = new Set<Socket>()
  let lateUntil = 0
  const { connect: connectNow } = Socket.prototype
  Socket.prototype.connect = function connectLate(this: Socket, ...args: unknown[]) {
    open.add(this)
    this.once('close', () => open.delete(this))
    const leftMs = lateUntil - performance.now()
    const begin = () => {
      if (!this.destroyed) Reflect.apply(connectNow, this, args)
    }
    if (leftMs <= 0) begin()
    else {
      // What is written meanwhile waits.
      Object.assign(this, { connecting: true })
      setTimeout(begin, leftMs)
    }
    return this
  } as typeof connectNow
  setInterval(() => {
    lateUntil = performance.now() + slowMs
    for (const socket of open) socket.destroy()
  }, everyMs).unref()
}

/** The next request is kept for a while, and then its connection breaks. */
function plantBrokenRequests(): void {
  let isDue = false
  onEvent('connection', (socket) => {
    const { emit } = socket
    socket.emit = (event: string | symbol, ...args: unknown[]) => {
      if (event !== 'data' || !isDue) return Reflect.apply(emit, socket, [event, ...args])
      isDue = false
      setTimeout(() => socket.destroy(), slowMs)
      return true
    }
  })
  setInterval(() => {
    isDue = true
  }, everyMs).unref()
}

/** As many requests at once as a backend with a service time of 1 ms needs that time for. */
function plantBursts(): void {
  const { emit } = Server.prototype
  Server.prototype.emit = function emitListening(this: Server, event: string, ...args: unknown[]) {
    if (event === 'listening') startBursts((this.address() as AddressInfo).port)
    return Reflect.apply(emit, this, [event, ...args])
  } as typeof emit
}

function startBursts(port: number): void {
  const sockets = Array.from({ length: slowMs }, () => connect(port, '127.0.0.1').unref())
  for (const socket of sockets) socket.on('error', () => {}).resume()
  setInterval(() => {
    for (const socket of sockets) socket.write('GET / HTTP/1.1\r\nHost: burst\r\n\r\n')
  }, everyMs).unref()
}

/** Calls `listener` with the socket of each event of this name of a server. */
function onEvent(name: 'connection', listener: (socket: Socket) => void): void {
  const { emit } = Server.prototype
  Server.prototype.emit = function emitFirst(this: Server, event: string, ...args: unknown[]) {
    if (event === name) listener(args[0] as Socket)
    return Reflect.apply(emit, this, [event, ...args])
  } as typeof emit
}

const plants: Readonly<Record<string, () => void>> = {
  gc: plantCollections,
  loop: plantDelays,
  connect: plantConnects,
  retry: plantBrokenRequests,
  burst: plantBursts,
}

const isProgram = programs[role]?.test(process.argv[1] ?? '') ?? false
if (isProgram && isMainThread === (role !== 'target')) plants[kind]?.()
