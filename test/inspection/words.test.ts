import t from 'tap'
import { describeImages, describeUser, explainImage } from '../../src/inspection/words.ts'

t.test('what images a key is for', async t => {
  const cases = {
    'https://index.docker.io/v1/': 'every image on Docker Hub',
    'docker.io': 'every image on Docker Hub',
    'docker.io/acme': 'docker.io/acme…',
    'ghcr.io': 'ghcr.io/…',
    'https://ghcr.io/v2/': 'ghcr.io/…',
    'ghcr.io/acme': 'ghcr.io/acme…',
    'ghcr.io/acme/': 'ghcr.io/acme/…',
    'localhost:5000': 'localhost:5000/…',
    '*.example.com': '*.example.com/… (a * is one part of the host)',
  }
  for (const [key, words] of Object.entries(cases)) t.equal(describeImages(key), words, key)
})

t.test('a user is shown, and what may be a token is not', async t => {
  for (const user of [
    'janedoe',
    'AWS',
    '_json_key',
    'robot$library+puller',
    'glenn-smith',
    '00000000-0000-0000-0000-000000000000',
    '',
  ])
    t.equal(describeUser(user, false), user)
  const tokens = [
    'ghp_0123456789',
    'github_pat_11A',
    'glpat-0123',
    'gldt-0123',
    'dckr_pat_abc',
    'eyJhbGciOi',
    'x'.repeat(101),
  ]
  for (const user of tokens) t.equal(describeUser(user, false), '(hidden)', user)
  t.equal(describeUser('jane', true), '(hidden)')
})

t.test('an image name that is not valid is explained', async t => {
  t.equal(explainImage('nginx'), undefined)
  t.equal(explainImage('FOO'), 'invalid reference format: repository name must be lowercase')
})
