import { expect, test } from 'vitest'
import { membersOf } from '../../../src/balancer/http/head.ts'

test.for([
  ['', ['']],
  [' ', ['']],
  ['close', ['close']],
  [' \tclose\t , TE ', ['close', 'TE']],
  [',,a , ', ['', '', 'a', '']],
  ['a  b', ['a  b']],
  ['\xa04\xa0', ['\xa04\xa0']],
  ['\v4\f', ['\v4\f']],
] as const)('the members of the list %j are %j', ([list, members]) => {
  expect(membersOf(list)).toEqual(members)
})

test('white space inside a member is read once', () => {
  // Read again from each space, as by a regular expression, so much would take minutes.
  const member = `a${' \t'.repeat(200_000)}b`
  expect(membersOf(`${member},${member}`)).toEqual([member, member])
})
