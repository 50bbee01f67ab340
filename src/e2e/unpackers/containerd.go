package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/containerd/containerd/v2/core/containers"
	"github.com/containerd/containerd/v2/core/mount"
	"github.com/containerd/containerd/v2/core/snapshots"
	"github.com/containerd/containerd/v2/pkg/archive"
	"github.com/containerd/containerd/v2/pkg/oci"
	"github.com/containerd/continuity/fs"
	"github.com/moby/sys/user"
	"github.com/opencontainers/runtime-spec/specs-go"
	"golang.org/x/sys/unix"
)

// containerdApart is what core/diff/apply does for the overlay snapshotter.
func containerdApart(folder string, layers [][]byte) (tree, error) {
	return eachApart(folder, layers, func(into string, below []string, tar []byte) error {
		options := []archive.ApplyOpt{archive.WithConvertWhiteout(archive.OverlayConvertWhiteout)}
		if len(below) > 0 {
			options = append(options, archive.WithParents(below))
		}
		_, err := archive.Apply(context.Background(), into, bytes.NewReader(tar), options...)
		return err
	})
}

// containerdInPlace is what core/diff/apply does for the native snapshotter, and for those of block devices.
func containerdInPlace(folder string, layers [][]byte) (tree, error) {
	return oneOnAnother(folder, layers, func(into string, tar []byte) error {
		_, err := archive.Apply(context.Background(), into, bytes.NewReader(tar))
		return err
	})
}

// containerdFolders is containerd since 2.3, which reads the folders of the layers without mounting them.
func containerdFolders(unpacked tree, name string) (string, error) {
	upper := filepath.Join(filepath.Dir(unpacked.work), "upper")
	if err := os.MkdirAll(upper, 0o755); err != nil {
		fail(err)
	}
	ctx := context.Background()
	client := snapshotClient{mounts: []mount.Mount{{
		Type:   "overlay",
		Source: "overlay",
		Options: []string{
			"upperdir=" + upper,
			"lowerdir=" + strings.Join(unpacked.topFirst(), ":"),
		},
	}}}
	container := &containers.Container{Snapshotter: "overlayfs", SnapshotKey: "key"}
	spec := &oci.Spec{Linux: &specs.Linux{}}
	if err := oci.WithUser(name)(ctx, client, container, spec); err != nil {
		return "", err
	}
	return fmt.Sprintf("%d:%d", spec.Process.User.UID, spec.Process.User.GID), nil
}

type snapshotClient struct{ mounts []mount.Mount }

func (c snapshotClient) SnapshotService(string) snapshots.Snapshotter {
	return snapshotter{mounts: c.mounts}
}

type snapshotter struct {
	snapshots.Snapshotter
	mounts []mount.Mount
}

func (s snapshotter) Mounts(context.Context, string) ([]mount.Mount, error) { return s.mounts, nil }

// containerdMount is containerd up to 2.2 (oci.UserFromPath): the container's root is mounted.
func containerdMount(root, name string) (string, error) {
	path, err := fs.RootPath(root, "/etc/passwd")
	if err != nil {
		return "", err
	}
	wanted := func(row user.User) bool { return row.Name == name }
	if name == "1000" {
		wanted = func(row user.User) bool { return row.Uid == 1000 }
	}
	found, err := user.ParsePasswdFileFilter(path, wanted)
	if name == "1000" && (os.IsNotExist(err) || err == nil && len(found) == 0) {
		return "1000:0", nil
	}
	if err != nil {
		return "", err
	}
	if len(found) == 0 {
		return "", oci.ErrNoUsersFound
	}
	return fmt.Sprintf("%d:%d", uint32(found[0].Uid), uint32(found[0].Gid)), nil
}

// open has the kernel lay the layers one over the other, where that is asked for and there are layers.
func (t tree) open(mount bool, look func(root string)) error {
	if !mount || t.work == "" {
		look(t.layers[0])
		return nil
	}
	empty := filepath.Join(filepath.Dir(t.work), "empty")
	for _, folder := range []string{t.work, empty} {
		if err := os.MkdirAll(folder, 0o755); err != nil {
			fail(err)
		}
	}
	// Two at least, or the kernel asks for a place to write.
	options := "lowerdir=" + strings.Join(append([]string{empty}, t.topFirst()...), ":")
	if err := unix.Mount("overlay", t.work, "overlay", unix.MS_RDONLY, options); err != nil {
		return fmt.Errorf("mount: %w", err)
	}
	look(t.work)
	if err := unix.Unmount(t.work, 0); err != nil {
		fail(err)
	}
	return nil
}
