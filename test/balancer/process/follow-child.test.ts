import type { ChildProcess } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { expect, test } from 'vitest'
import { followChild } from '../../../src/balancer/process/follow-child.ts'

/** A child whose events the test emits. */
function fixture(pid: number | undefined) {
  const child = Object.assign(new EventEmitter(), { pid }) as unknown as ChildProcess
  const seen: unknown[] = []
  followChild(child, {
    notStarted: ({ message }) => seen.push(message),
    ended: (exit) => seen.push(exit),
  })
  return { child, seen }
}

const turn = () => new Promise((resolve) => setImmediate(resolve))

test('a message that does not reach a child which is ending is no failed start', async () => {
  const { child, seen } = fixture(17)
  for (let n = 0; n < 2; n++) child.emit('error', new Error('Channel closed'))
  child.emit('exit', null, 'SIGKILL')
  await turn()
  // A message may still come.
  expect(seen).toEqual([])
  child.emit('disconnect')
  await turn()
  expect(seen).toEqual([{ code: null, signal: 'SIGKILL' }])
})

test('a child without a process id was not started', async () => {
  const { child, seen } = fixture(undefined)
  child.emit('error', new Error('spawn EAGAIN'))
  await turn()
  expect(seen).toEqual(['spawn EAGAIN'])
})
