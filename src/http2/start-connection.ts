import { put, reserve } from '../http/byte-buffer.ts'
import type { ConnectionState } from './connection-state.ts'
import { writeSettings, writeWindowUpdate } from './frame-writer.ts'
import { defaultTableSize } from './hpack/decoder.ts'
import { openOutput } from './output.ts'
import { preface } from './preface.ts'
import { setting } from './settings.ts'

/** Writes the connection preface: RFC 9113, section 3.4. The settings do not change later. */
export function startConnection<User>(connection: ConnectionState<User>): void {
  const { role, output, received } = connection
  openOutput(output)
  if (role === 'client') {
    reserve(output, preface.length)
    put(output, preface)
  }
  writeSettings(output, ownSettings(connection))
  const increment = received.size - received.available
  if (increment === 0) return
  writeWindowUpdate(output, 0, increment)
  received.available += increment
}

function ownSettings<User>({
  role,
  limits,
  extendedConnect,
}: ConnectionState<User>): readonly (readonly [number, number])[] {
  const settings: [number, number][] = [
    [setting.initialWindowSize, limits.streamWindow],
    [setting.maxHeaderListSize, limits.headerList],
  ]
  if (role === 'client') settings.push([setting.enablePush, 0])
  else settings.push([setting.maxConcurrentStreams, limits.streams])
  if (limits.headerTable !== defaultTableSize) {
    settings.push([setting.headerTableSize, limits.headerTable])
  }
  if (extendedConnect && role === 'server') settings.push([setting.enableConnectProtocol, 1])
  return settings
}
