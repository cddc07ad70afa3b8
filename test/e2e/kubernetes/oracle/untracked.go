//go:build untracked

package main

import "k8s.io/kubernetes/pkg/credentialprovider"

// auth is what the keyring found up to 1.32, when it did not keep of which Secret.
type auth = credentialprovider.AuthConfig

func add(keyring *credentialprovider.BasicDockerKeyring, config credentialprovider.DockerConfig) {
	keyring.Add(config)
}

func secretOf(auth) (name string, isKnown bool) {
	return "", false
}
