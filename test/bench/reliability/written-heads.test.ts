import { expect, test } from 'vitest'
import { postTarget, writtenHeads } from '../../../bench/reliability/written-heads.ts'
import { compressingWriter } from '../../../fuzz/http2/blocks.ts'
import {
  flag,
  frameBytes,
  frameOf,
  kind,
  preface,
  settingsFrame,
} from '../../../fuzz/http2/frames.ts'

function request(writer: ReturnType<typeof compressingWriter>, stream: number, method: string) {
  const block = writer.write([
    [':method', method],
    [':scheme', 'http'],
    [':authority', 'lb.test'],
    [':path', `/${stream}`],
  ])
  const [first, second] = [block.subarray(0, 3), block.subarray(3)]
  return Buffer.concat([
    frameBytes(frameOf(kind.headers, 0, stream, first)),
    frameBytes(frameOf(kind.continuation, flag.endHeaders, stream, second)),
    frameBytes(frameOf(kind.data, flag.endStream, stream, Buffer.from('POST /data'))),
  ])
}

test('the POSTs in what is written to an HTTP/2 connection are found, however it is cut', () => {
  const writer = compressingWriter()
  const bytes = Buffer.concat([
    preface,
    frameBytes(settingsFrame([])),
    request(writer, 1, 'POST'),
    request(writer, 3, 'GET'),
    request(writer, 5, 'POST'),
  ])
  for (const cut of [preface.length, 40, 60, 70, bytes.length]) {
    const heads = writtenHeads(bytes)
    const parts = [bytes.subarray(0, cut), bytes.subarray(cut)]
    const found = parts.flatMap((part) => heads?.read(part).map(postTarget))
    expect(found).toEqual(['/1', undefined, '/5'])
  }
})

test('HTTP/1.1 is not taken for HTTP/2', () => {
  expect(writtenHeads(Buffer.from('POST /1 HTTP/1.1\r\n\r\n'))).toBeUndefined()
})
