// Command unpackers unpacks stacks of image layers with the code that nodes run, and looks users up in what comes of it
// with the code that nodes run.
//
// On stdin, numbers big-endian and of 32 bits: for each stack the number of its layers, then for each layer, lowest first,
// its length and its tar. On stdout a line for each stack: for each reading, in the order of the first line, which names
// them, separated by tabs, the answer for USER app and for USER 1000, "UID:GID" or "-REASON", separated by a space.
// "!REASON" stands for both where the layers could not be unpacked.
//
// No layer may hold a pipe: whoever opens one waits without end, nodes as well.
//
// Needs root, for whiteouts are devices and the layers are mounted. Argument: a folder to work in, best in memory.
package main

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"

	"github.com/sirupsen/logrus"
)

// A way of making one tree of layers and of looking users up in it.
type reading struct {
	name string
	// nil: as the reading before
	unpack func(folder string, layers [][]byte) (tree, error)
	// in the folder where the tree is mounted; nil: in the folders of its layers, which are not mounted
	lookUp func(root, user string) (string, error)
}

// What unpacking leaves: layers that are to be mounted or read one over the other, lowest first, or a single folder.
type tree struct {
	layers []string
	work   string
}

var readings = []reading{
	{"containerd-folders", containerdApart, nil},
	{"containerd-mount", nil, containerdMount},
	{"containerd-native", containerdInPlace, containerdMount},
	{"storage-overlay", storageApart, crioMount},
	{"storage-vfs", storageInPlace, crioMount},
}

func main() {
	if len(os.Args) != 2 {
		fail(errors.New("usage: unpackers FOLDER < STACKS"))
	}
	// Runtimes warn of what they leave out of a layer.
	logrus.SetOutput(io.Discard)
	// Each unpacking has large buffers, and the folders are in memory.
	debug.SetGCPercent(400)
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	var names []string
	for _, r := range readings {
		names = append(names, r.name)
	}
	fmt.Fprintln(out, strings.Join(names, "\t"))
	if err := out.Flush(); err != nil {
		fail(err)
	}

	// In order: each stack's answer is a channel in a queue.
	answers := make(chan chan string, 16*runtime.NumCPU())
	var done sync.WaitGroup
	done.Add(1)
	go func() {
		defer done.Done()
		for answer := range answers {
			fmt.Fprintln(out, <-answer)
		}
	}()
	// Most of the time goes by while the kernel takes a mount away.
	turns := make(chan struct{}, 8*runtime.NumCPU())
	for number := 0; ; number++ {
		layers, err := readStack(in)
		if err == io.EOF {
			break
		}
		if err != nil {
			fail(err)
		}
		answer := make(chan string, 1)
		answers <- answer
		turns <- struct{}{}
		go func() {
			defer func() { <-turns }()
			answer <- readAll(filepath.Join(os.Args[1], fmt.Sprint(number)), layers)
		}()
	}
	close(answers)
	done.Wait()
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "unpackers:", err)
	os.Exit(1)
}

func readStack(in io.Reader) ([][]byte, error) {
	var count, length uint32
	if err := binary.Read(in, binary.BigEndian, &count); err != nil {
		return nil, err
	}
	var layers [][]byte
	for ; count > 0; count-- {
		if err := binary.Read(in, binary.BigEndian, &length); err != nil {
			return nil, err
		}
		layer := make([]byte, length)
		if _, err := io.ReadFull(in, layer); err != nil {
			return nil, err
		}
		layers = append(layers, layer)
	}
	return layers, nil
}

func readAll(folder string, layers [][]byte) string {
	var all []string
	var unpacked tree
	var err error
	for i, r := range readings {
		if r.unpack != nil {
			own := filepath.Join(folder, fmt.Sprint(i))
			if err := os.MkdirAll(own, 0o755); err != nil {
				fail(err)
			}
			unpacked, err = r.unpack(own, layers)
		}
		answer := ""
		if err == nil {
			answer, err = r.read(unpacked, folder)
		}
		if err != nil {
			answer = "!" + oneLine(err, folder)
		}
		all = append(all, answer)
	}
	if err := os.RemoveAll(folder); err != nil {
		fail(err)
	}
	return strings.Join(all, "\t")
}

func (r reading) read(unpacked tree, folder string) (string, error) {
	var users []string
	err := unpacked.open(r.lookUp != nil, func(root string) {
		for _, user := range []string{"app", "1000"} {
			var answer string
			var err error
			if r.lookUp == nil {
				answer, err = containerdFolders(unpacked, user)
			} else {
				answer, err = r.lookUp(root, user)
			}
			if err != nil {
				answer = "-" + oneLine(err, folder)
			}
			users = append(users, answer)
		}
	})
	return strings.Join(users, " "), err
}

func oneLine(err error, folder string) string {
	text := strings.ReplaceAll(err.Error(), folder, "")
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r <= ' ' }), "_")
}

// eachApart unpacks every layer into a folder of its own.
func eachApart(folder string, layers [][]byte, apply func(into string, below []string, tar []byte) error) (tree, error) {
	made := tree{work: filepath.Join(folder, "mount")}
	for i, tar := range layers {
		into := filepath.Join(folder, "l", fmt.Sprint(i))
		if err := os.MkdirAll(into, 0o755); err != nil {
			fail(err)
		}
		// As mounts name them: the uppermost first.
		var below []string
		for j := len(made.layers) - 1; j >= 0; j-- {
			below = append(below, made.layers[j])
		}
		if err := apply(into, below, tar); err != nil {
			return made, err
		}
		made.layers = append(made.layers, into)
	}
	return made, nil
}

// oneOnAnother unpacks every layer over those below.
func oneOnAnother(folder string, layers [][]byte, apply func(into string, tar []byte) error) (tree, error) {
	into := filepath.Join(folder, "tree")
	if err := os.MkdirAll(into, 0o755); err != nil {
		fail(err)
	}
	for _, tar := range layers {
		if err := apply(into, tar); err != nil {
			return tree{}, err
		}
	}
	return tree{layers: []string{into}}, nil
}

func (t tree) topFirst() []string {
	var reversed []string
	for i := len(t.layers) - 1; i >= 0; i-- {
		reversed = append(reversed, t.layers[i])
	}
	return reversed
}
