import { Socket } from 'node:net'
import { expect, test } from 'vitest'
import { dispatcher, maxWaiting } from '../../../src/balancer/supervisor/dispatcher.ts'

test('no more connections wait than there is room for, and none once it is closed', () => {
  const door = dispatcher([])
  const sockets = Array.from({ length: maxWaiting + 1 }, () => new Socket())
  for (const socket of sockets) door.serve(socket)
  expect(door.waiting()).toBe(maxWaiting)
  expect(sockets.filter(({ destroyed }) => destroyed)).toEqual([sockets.at(-1)])
  door.close()
  const late = new Socket()
  door.serve(late)
  expect(door.waiting()).toBe(0)
  expect([...sockets, late].every(({ destroyed }) => destroyed)).toBe(true)
})
