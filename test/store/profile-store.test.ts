import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { storeProfiles } from '../../src/store/profile-store.ts'

const profile = { name: 'a.pb.gz', bytes: Buffer.from('profile') }

function folder() {
  const path = mkdtempSync(join(tmpdir(), 'lb-test-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) }
}

test('a profile is not written through a link that the folder has', async () => {
  using own = folder()
  const other = join(own.path, 'other')
  writeFileSync(other, 'untouched')
  mkdirSync(join(own.path, '.lb', 'profiles'), { recursive: true })
  symlinkSync(other, join(own.path, '.lb', 'profiles', profile.name))
  await expect(storeProfiles([profile], join(own.path, '.lb'))).rejects.toThrow('symbolic link')
  expect(readFileSync(other, 'utf8')).toBe('untouched')
})

test('a profile replaces the one before, and only its owner can read it', async () => {
  using own = folder()
  mkdirSync(join(own.path, 'profiles'))
  writeFileSync(join(own.path, 'profiles', profile.name), 'old', { mode: 0o644 })
  const [path = ''] = await storeProfiles([profile], own.path)
  expect(readFileSync(path, 'utf8')).toBe('profile')
  expect(statSync(path).mode & 0o777).toBe(0o600)
})
