/** Images for {@link exampleSecret}: one that its first entry is for, one that nearly is, one that none is for. */
export const EXAMPLE_IMAGES = `your.private.registry.example.com/janedoe/jdoe-private:v1
ghcr.io/acme/web:1.4
nginx
Registry.example.com/Shop/Cart:2`

/** A Secret with entries of all kinds; its passwords are none. */
export function exampleSecret(): string {
  const config = {
    auths: {
      'your.private.registry.example.com': { auth: btoa('janedoe:not-a-password') },
      'ghcr.io/acme-corp': { username: 'joe', password: 'not-a-password' },
      'https://index.docker.io/v1': { username: 'janedoe', password: 'not-a-password' },
      'registry.example.com': {},
      'acme.azurecr.io': { identitytoken: 'not-a-token' },
    },
    credsStore: 'desktop',
  }
  return `apiVersion: v1
kind: Secret
metadata:
  name: regcred
type: kubernetes.io/dockerconfigjson
stringData:
  .dockerconfigjson: |
${JSON.stringify(config, null, 2).replace(/^/gm, '    ')}
`
}
