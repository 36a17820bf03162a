"""Between the messages of gRPC and what the rest of serving understands."""

from collections.abc import Sequence

from apps.serving.errors import malformed
from apps.serving.inference import Answer
from apps.serving.limits import Limits, checked_texts
from apps.serving.protocol.infer_request import REFUSED_PARAMETERS, check_input, check_wishes
from apps.serving.protocol.tensors import (
    INPUT,
    Tensor,
    TensorSpec,
    check_elements,
    checked_rows,
    decode_strings,
)
from apps.serving.wire import open_inference_pb2 as wire


def texts_of(request: wire.ModelInferRequest, limits: Limits) -> tuple[str, ...]:
    """The texts of a request, from raw or typed contents.

    Raises:
        ServingError: whatever is wrong with it, as a sentence with the field.
    """
    given = request.inputs[0] if request.inputs else wire.ModelInferRequest.InferInputTensor()
    check_input(len(request.inputs), given.name, given.datatype)
    check_wishes(len(request.outputs))
    for parameters in (request.parameters, given.parameters, *(item.parameters for item in request.outputs)):
        for name in REFUSED_PARAMETERS:
            if name in parameters:
                raise malformed(f"The parameter `{name}` is not offered here.", param="parameters")
    rows = checked_rows(list(given.shape), limits)
    return checked_texts(_elements(request, rows), limits, param=INPUT)


def _elements(request: wire.ModelInferRequest, rows: int) -> Sequence[bytes]:
    typed = request.inputs[0].contents.bytes_contents
    if not request.raw_input_contents:
        check_elements(rows, len(typed))
        return list(typed)
    if len(request.raw_input_contents) != 1 or typed:
        raise malformed("Give either one raw entry for the one input, or typed contents.", param=INPUT)
    return decode_strings(request.raw_input_contents[0], rows)


def infer_response(request: wire.ModelInferRequest, answer: Answer) -> wire.ModelInferResponse:
    """Raw contents where the request came raw, typed ones where it came typed."""
    response = wire.ModelInferResponse(
        model_name=request.model_name, model_version=answer.version, id=request.id
    )
    for tensor in answer.tensors:
        output = response.outputs.add(name=tensor.name, datatype=tensor.datatype, shape=tensor.shape)
        if request.raw_input_contents:
            response.raw_output_contents.append(tensor.to_bytes())
        else:
            _fill(output.contents, tensor)
    return response


def _fill(contents: wire.InferTensorContents, tensor: Tensor) -> None:
    if tensor.datatype == "BYTES":
        contents.bytes_contents.extend(value.encode() for value in tensor.to_list())
    else:
        contents.fp32_contents.extend(tensor.to_list())


def described(specs: Sequence[TensorSpec]) -> list[wire.ModelMetadataResponse.TensorMetadata]:
    return [
        wire.ModelMetadataResponse.TensorMetadata(name=spec.name, datatype=spec.datatype, shape=spec.shape)
        for spec in specs
    ]
