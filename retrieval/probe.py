"""Run as a script in a child process: opens an embedded Chroma folder and writes down what it holds.

Opening a damaged index can end the process in native code; then it is this one that ends. Arguments:
the folder, and the `.npz` file to write. For the collection named N the file has the arrays `N/ids`
(text) and `N/vectors` (float32, shape (n, d)).
"""

import sys

import chromadb
import numpy as np
from chromadb.config import Settings


def main(folder: str, target: str) -> None:
    """Reads every collection of `folder` in full into `target`."""
    client = chromadb.PersistentClient(folder, settings=Settings(anonymized_telemetry=False))
    arrays: dict[str, np.ndarray[tuple[int, ...], np.dtype[np.generic]]] = {}
    for listed in client.list_collections():
        collection = client.get_collection(listed.name, embedding_function=None)
        held = collection.get(include=["embeddings"])
        vectors = np.asarray(held["embeddings"], dtype=np.float32)
        if len(vectors):
            collection.query(query_embeddings=[vectors[0]], n_results=1)
        arrays[f"{listed.name}/ids"] = np.array(held["ids"], dtype=np.str_)
        arrays[f"{listed.name}/vectors"] = vectors
    np.savez(target, allow_pickle=False, **arrays)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
