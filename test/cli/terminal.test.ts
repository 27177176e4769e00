import { expect, test } from 'vitest'
import { renderOptionsFor } from '../../src/cli/terminal.ts'

const terminal = { isTTY: true, columns: 80 }
const optionsFor = (env: NodeJS.ProcessEnv, screen = {}, noColour = false) =>
  renderOptionsFor(screen, { env, noColour })

test.for([
  ['a terminal', {}, terminal, true],
  ['a pipe', {}, {}, false],
  ['NO_COLOR', { NO_COLOR: '1' }, terminal, false],
  ['an empty NO_COLOR', { NO_COLOR: '' }, terminal, true],
  ['TERM=dumb', { TERM: 'dumb' }, terminal, false],
  ['FORCE_COLOR into a pipe', { FORCE_COLOR: '1' }, {}, true],
  ['FORCE_COLOR against NO_COLOR', { FORCE_COLOR: '1', NO_COLOR: '1' }, {}, true],
  ['FORCE_COLOR=0', { FORCE_COLOR: '0' }, terminal, false],
] as const)('%s decides on colour', ([, env, screen, colour]) => {
  expect(optionsFor(env, screen).colour).toBe(colour)
})

test('--no-color takes precedence over everything', () => {
  expect(optionsFor({ FORCE_COLOR: '1' }, terminal, true).colour).toBe(false)
})

test('Unicode needs a UTF-8 locale, and LC_ALL takes precedence over LANG', () => {
  expect(optionsFor({ LANG: 'de_AT.UTF-8' }).unicode).toBe(true)
  expect(optionsFor({ LANG: 'C.utf8' }).unicode).toBe(true)
  expect(optionsFor({}).unicode).toBe(false)
  expect(optionsFor({ LC_ALL: 'C', LANG: 'de_AT.UTF-8' }).unicode).toBe(false)
  expect(optionsFor({ LC_ALL: '', LANG: 'de_AT.UTF-8' }).unicode).toBe(true)
})

test('only a terminal has a width, 80 columns by default', () => {
  expect(optionsFor({}, { ...terminal, columns: 132 }).width).toBe(132)
  expect(optionsFor({}, { isTTY: true, columns: 0 }).width).toBe(80)
  expect(optionsFor({}, { isTTY: true }).width).toBe(80)
  expect(optionsFor({}, { columns: 132 }).width).toBeUndefined()
})

test('a valid COLUMNS sets the width, in a pipe too', () => {
  expect(optionsFor({ COLUMNS: '60' }, terminal).width).toBe(60)
  expect(optionsFor({ COLUMNS: '60' }).width).toBe(60)
  for (const COLUMNS of ['', '0', '-1', 'wide']) {
    expect(optionsFor({ COLUMNS }, terminal).width).toBe(80)
    expect(optionsFor({ COLUMNS }).width).toBeUndefined()
  }
})
