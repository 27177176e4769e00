import { expect, test } from 'vitest'
import { responseTimes } from '../../../bench/peers/h2load.ts'

test('the response times in a log of h2load are read and sorted', () => {
  const log = '1700000000000000\t200\t300\n1700000000000100\t200\t20\n1700000000000200\t200\t1000\n'
  expect([...responseTimes(log)]).toEqual([20, 300, 1000])
})
