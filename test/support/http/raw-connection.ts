import { once } from 'node:events'
import { connect } from 'node:net'

/** A connection on which a test writes and reads bytes, as latin-1. */
export interface RawConnection extends AsyncDisposable {
  send(text: string): void
  /** Everything received, as soon as `enough` is true of it. */
  until(enough: (received: string) => boolean): Promise<string>
  /** Everything received, once the other side has closed. */
  rest(): Promise<string>
  /** Closes our side only. */
  end(): void
  /** Resets the connection. */
  reset(): void
}

/** Connects to a port of 127.0.0.1. */
export async function rawConnection(port: number): Promise<RawConnection> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  let received = ''
  let look = (): void => {}
  socket.setEncoding('latin1')
  socket.on('data', (text: string) => {
    received += text
    look()
  })
  const ended = once(socket, 'end')
  ended.catch(() => {})
  await once(socket, 'connect')

  return {
    send: (text) => void socket.write(text, 'latin1'),
    until(enough) {
      const { promise, resolve, reject } = Promise.withResolvers<string>()
      look = () => {
        if (enough(received)) resolve(received)
      }
      look()
      ended.then(() => reject(new Error(`closed after: ${received}`)), reject)
      return promise
    },
    async rest() {
      await ended
      return received
    },
    end: () => void socket.end(),
    reset: () => void socket.resetAndDestroy(),
    async [Symbol.asyncDispose]() {
      socket.destroy()
    },
  }
}
