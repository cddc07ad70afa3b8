//go:build !untracked

package main

import "k8s.io/kubernetes/pkg/credentialprovider"

// auth is what the keyring finds: since 1.33 it can know of which Secret, and since 1.35 it does.
type auth = credentialprovider.TrackedAuthConfig

func add(keyring *credentialprovider.BasicDockerKeyring, config credentialprovider.DockerConfig) {
	keyring.Add(nil, config)
}

func secretOf(found auth) (name string, isKnown bool) {
	if found.Source == nil {
		return "", false
	}
	return found.Source.Secret.Name, true
}
