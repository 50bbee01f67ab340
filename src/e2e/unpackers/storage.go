package main

import (
	"bytes"
	"fmt"
	"os"

	securejoin "github.com/cyphar/filepath-securejoin"
	"github.com/moby/sys/user"
	"go.podman.io/storage/pkg/archive"
)

// storageApart is the overlay driver of containers/storage, which CRI-O and podman use.
func storageApart(folder string, layers [][]byte) (tree, error) {
	return eachApart(folder, layers, func(into string, _ []string, tar []byte) error {
		return archive.Unpack(bytes.NewReader(tar), into, &archive.TarOptions{WhiteoutFormat: archive.OverlayWhiteoutFormat})
	})
}

// storageInPlace is its vfs driver.
func storageInPlace(folder string, layers [][]byte) (tree, error) {
	return oneOnAnother(folder, layers, func(into string, tar []byte) error {
		_, err := archive.UnpackLayer(into, bytes.NewReader(tar), &archive.TarOptions{})
		return err
	})
}

// crioMount is what CRI-O does in the container's mounted root: passwd and group are opened, whatever they are, and a
// missing one is as good as an empty one.
func crioMount(root, name string) (string, error) {
	var passwd, group *os.File
	for path, file := range map[string]**os.File{"/etc/passwd": &passwd, "/etc/group": &group} {
		joined, err := securejoin.SecureJoin(root, path)
		if err != nil {
			continue
		}
		opened, err := os.Open(joined)
		if err != nil {
			continue
		}
		defer opened.Close()
		*file = opened
	}
	found, err := execUser(name, passwd, group)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%d:%d", uint32(found.Uid), uint32(found.Gid)), nil
}

// A nil file is no nil reader.
func execUser(name string, passwd, group *os.File) (*user.ExecUser, error) {
	switch {
	case passwd == nil && group == nil:
		return user.GetExecUser(name, nil, nil, nil)
	case passwd == nil:
		return user.GetExecUser(name, nil, nil, group)
	case group == nil:
		return user.GetExecUser(name, nil, passwd, nil)
	default:
		return user.GetExecUser(name, nil, passwd, group)
	}
}
