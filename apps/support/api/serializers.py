from rest_framework import serializers


class IdentitySerializer(serializers.Serializer[None]):
    # The text of a JSON object, signed as it is.
    customer = serializers.CharField(max_length=2000, trim_whitespace=False)
    signature = serializers.CharField(max_length=64)


class SessionQuerySerializer(serializers.Serializer[None]):
    language = serializers.CharField(max_length=16, allow_blank=True, default="")
    identity = IdentitySerializer(required=False)


class SessionSerializer(serializers.Serializer[None]):
    token = serializers.CharField()
    conversation = serializers.UUIDField(allow_null=True)
    last_seq = serializers.IntegerField()
    is_online = serializers.BooleanField()


class AfterSerializer(serializers.Serializer[None]):
    after = serializers.IntegerField(min_value=0, max_value=2**63 - 1, default=0)


class EventSerializer(serializers.Serializer[None]):
    type = serializers.CharField()
    stream = serializers.CharField()
    seq = serializers.IntegerField()
    kind = serializers.CharField(help_text="message, owner, status, offline, confirmed or rated")
    payload = serializers.DictField(
        help_text="By the kind. Of a message: author, name, body, client_id, answers_seq and is_answer; "
        "of owner: owner, name and is_given; of status: status; of rated: rating."
    )
    at = serializers.DateTimeField()


class EventsSerializer(serializers.Serializer[None]):
    events = EventSerializer(many=True)
    last_seq = serializers.IntegerField()
    is_online = serializers.BooleanField()


class SendSerializer(serializers.Serializer[None]):
    # Their lengths and characters are judged by the service, for the console and the websocket as well.
    client_id = serializers.CharField(trim_whitespace=False, allow_blank=True)
    body = serializers.CharField(trim_whitespace=False, allow_blank=True)


class SentSerializer(serializers.Serializer[None]):
    seq = serializers.IntegerField()
    client_id = serializers.CharField()


class FormSerializer(SendSerializer):
    name = serializers.CharField(allow_blank=True, default="")
    email = serializers.CharField()


class FormSentSerializer(serializers.Serializer[None]):
    conversation = serializers.UUIDField()
    email = serializers.EmailField()


class RatingSerializer(serializers.Serializer[None]):
    rating = serializers.IntegerField()
    comment = serializers.CharField(trim_whitespace=False, allow_blank=True, default="")


class ResolutionSerializer(serializers.Serializer[None]):
    is_solved = serializers.BooleanField()


class ReadSerializer(serializers.Serializer[None]):
    seq = serializers.IntegerField(min_value=0, max_value=2**63 - 1)
